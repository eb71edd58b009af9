// Package device is the firmware of one Thing: step 2 of the source
// (seed/iot-data-pipeline-on-aws.md), made robust.
//
//	        dial, CONNECT (will: offline), SUBSCRIBE devices/<thing>/commands
//	down ─────────────────────────────────────────────────────> up: status "online"
//	  ^   back-off with full jitter                              │
//	  └──────────────────────────────────────────────────────────┘ connection lost, reboot
//
//	every Interval: reading ──> queue (bounded, oldest dropped) ──> PUBLISH, QoS 1 ──> PUBACK
//	                              ^── unacknowledged ones, with DUP, after a reconnect
//
// Topics, all QoS 1 (seq counts from 1, for each topic by itself):
//
//	devices/<thing>/telemetry  {"deviceId":"…","timestamp":<ms>,"seq":<n>,"data":{"temperature":…,…}}
//	devices/<thing>/status     {"status":"online","timestamp":<ms>,"seq":<n>}; the will is {"status":"offline"}
//	devices/<thing>/commands   {"action":"reboot"}
//	                           {"action":"update_interval","interval":<seconds>}
//	                           {"action":"enter_safe_mode","reason":"…"}
//
// Each command is answered on the status topic, where "result" is done or refused
// (with "detail"), and a command's "id", if it has one, comes back:
//
//	{"status":"online","timestamp":<ms>,"seq":<n>,"command":"reboot","result":"done"}
//
// A device with real sensors (Config.Read) tells on the status topic that it could
// not read them, once an interval while it is connected, and once that it can again;
// a reading that it does not have, it does not send:
//
//	{"status":"online","timestamp":<ms>,"seq":<n>,"sensor":"failed","reason":"…"}
//	{"status":"online","timestamp":<ms>,"seq":<n>,"sensor":"ok"}
//
// Readings follow an open schedule: it waits for nobody. A reading that the
// simulator takes late has the instant at which it was due, and tells how late it is.
//
// reboot disconnects cleanly, stays down for RebootTime without readings, comes
// back with the configured interval, and is answered then. update_interval sets
// the interval (1 s to 24 h; 60 s when it is missing, as in the source) and ends
// safe mode. enter_safe_mode makes the interval SafeModeFactor times as long.
// Messages that wait are kept across a reboot.
//
// # What breaks
//
// The methods of a Device are how the world breaks it (package fault drives them):
// SetSkew, SetSense and Duplicate change its clock, its sensors and what goes out
// twice, SetMutate the telemetry after it was made. Cut and Reconnect end its
// connection, PowerOff and PowerOn its power:
//
//	up ── PowerOff ──> off: no reading, no dial, deaf; what was in RAM (waiting or
//	                   not acknowledged) is Dropped with ErrPowerLoss
//	off ── PowerOn ──> a dial and a reading at once, the configured interval
//
// seq goes on where it was, as from flash.
//
// # Time
//
// Whatever a device does of itself happens at an instant of its own lane: a fixed
// number of nanoseconds after a full millisecond, unlike any other device's. That
// makes a fleet in virtual time do the same in each run (DESIGN.md §3). Intervals
// are whole milliseconds. A cut or a command takes effect at the next such instant.
//
// AWS discards what a connection publishes above 100 a second (AWS.md §1), so a
// device sends a backlog at Config.Rate.
package device

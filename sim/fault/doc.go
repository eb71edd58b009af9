// Package fault holds the kinds of faults, as data and at work.
//
// A [Fault] is one line of a schedule: when, for how long, what, on whom. It comes
// from YAML or from a seed; an unknown kind is refused by name:
//
//	faults:
//	- {at: 6s, for: 1m, kind: latency, delay: 300ms, jitter: 100ms, target: {group: sensors, share: 10%}}
//	- {at: 2m, kind: malformed, rate: 5%, target: {thing: sensor-0004*}}
//
// # Links
//
// A [Link] stands between a device and the broker, above the socket and under TLS;
// neither end knows of it.
//
//	kind              what it does                                                  parameters
//	connection-reset  cuts with RST, refuses dials                                  -
//	half-open         connections stand and die without a word, for good;           -
//	                  dials wait
//	partition         nothing moves; what waits arrives once it heals, unless       -
//	                  the device has closed meanwhile (then: RST) or TCP has
//	                  given up (924.6 s); dials wait
//	latency           each way delay ± jitter later, in order; a dial takes two     delay, jitter
//	bandwidth         each way so many bytes a second, in pieces of 1460            bandwidth
//	drop              transmissions are lost at rate and repeated after 200 ms,     rate
//	                  doubling, with all behind them; a dial's after 1 s
//
// Several at once: latencies add up, the narrowest bandwidth counts, each drop
// draws for itself. What is late is late by whole milliseconds, and what is sent at
// one instant shares one fate.
//
// A write does not wait for the delay. More than 16 MiB that wait break the
// connection. A link that no fault has touched costs an atomic load a call.
//
// # Devices
//
// A [Device] is the faults at work on one device, which it drives as a [Machine].
// Only telemetry is changed, never the status; commands still work.
//
//	kind                what it does                                                parameters
//	duplicate-delivery  each message goes out times more, with DUP                  times (1)
//	payload-corruption  one bit is flipped                                          rate
//	oversized           a member "padding" makes the payload bytes long             rate, bytes (131,073)
//	malformed           the second half is missing                                  rate
//	non-numeric         the metric's value is "n/a"                                 metric, rate
//	stale-timestamp     the timestamp is ten years old                              rate
//	clock-skew          the clock is skew ahead                                     skew
//	stuck-sensor        the metric repeats what was reported last                   metric
//	drifting-sensor     the metric drifts from the beginning on                     metric, drift (an hour)
//	power-loss          down without a word to the broker; what was in RAM is       -
//	                    gone; boots and connects at the end
//	connect-storm       at its beginning: drops the connection, dials at once       -
//
// Several at once: copies, skews and drifts add up, a stuck sensor does not drift;
// payloads are changed in the order timestamp, metric, size, bit, cut. A rate is
// drawn for each message by itself; without one, all are hit.
//
// # Elsewhere
//
// The other kinds befall the broker, certificates, services, the stream and its
// functions. Who runs those lets them happen; see each [Kind].
//
// # Contract of a kind
//
// A kind is a small type with one method, in a file of its own: on its beginning and
// at its end it says what it makes of the link's conditions or the device's
// behaviour. It does nothing before Begin, ends completely at End, and may begin
// again. Others may overlap with it, each ends by itself. It never invents bytes and
// never blocks a Close. It draws by [Draw] from the seed and what it is about, never
// from a shared stream or the clock (DESIGN.md §3).
package fault

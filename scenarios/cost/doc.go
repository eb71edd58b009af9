// Package cost splits what a run costs, processor time and memory, into the parts
// of this program, all of which are one process:
//
//	simulator   sim/…: devices, their MQTT clients, the network
//	emulators   emulators/… with the broker and the codecs beneath
//	pipeline    pipeline/… and the AWS SDK beneath
//	ledger      scenarios/…: taps, ledger, read-back, report
//
// It reads the profiles of package runtime/pprof: a sample is of the part whose
// code is nearest to where the processor was. TLS on a device's end is the
// simulator's, on the broker's end the emulators'. Profiles are samples, a hundred
// a second: the split of a run that took a second means little.
package cost

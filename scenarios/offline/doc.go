// Package offline judges how a pipeline detects devices that have gone silent, by what
// only the simulator knows.
//
// A [Truth] takes what the devices tell of their connections and which faults are on
// them. A [Watch] takes what a cloud was seen to do: which signs of life reached its
// broker and its device table, when the detector swept, and which devices its store
// lists as offline. A [Trial] compares the two:
//
//	devices, faults ──────────────────> Truth ──┐
//	                                            ├──> Judge ────> found, missed, too brief, false; other thresholds
//	signs of life, sweeps, verdicts ──> Watch ──┴──> Silences ─> found, missed, false, by what the broker heard
//
// # What a device was
//
// It is up while it has a connection and nothing lies on it; reconnecting when it works
// and is on its way back, as all are after the broker's restart; out when it is powered
// off, cut off, half-open, or has no good certificate. An absence is a stretch that is
// not up. To call a device offline that was out in an absence finds the outage; to call
// one that was up, or only reconnecting, is a false alarm. An outage that nobody calls
// is missed once it lasted for the threshold and two sweeps, and too brief before.
//
// # Other thresholds
//
// The detector is a function of signs, sweeps and threshold, so that Judge can tell what
// it would have done with others, and the smallest sensible one under which it calls no
// device offline that was up.
//
// The package knows neither clock nor cloud: instants are handed in.
package offline

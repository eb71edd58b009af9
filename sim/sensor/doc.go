// Package sensor models what a sensor reads. A Model is a pure function of time:
// asked twice, in any order, by any run of the same seed, it gives the same value.
//
//	value
//	  │        ┌──┐ spike (replaces the value)
//	  │   .-.  │  │  .-.
//	  │ .'   '.┘  └.'   '.   base + amplitude·sin + walk + drift + noise
//	  │'                  '  + followed + replay, clamped to min…max, rounded
//	  └───────────────────── t
//
// A Spec is a model as data, as it stands in a scenario file:
//
//	temperature: {base: 24, noise: 0.5, spikes: [{at: 7s, for: 5s, value: 43}]}
//
// A metric may follow another of the same device, and may replay a recording:
//
//	humidity: {base: 55, follows: {metric: temperature, factor: -2.5, lag: 10m}}
//	pressure: {replay: {csv: "0,1013\n1h,1009\n", every: 2h}}
//
// Durations are written as 250ms, 20s or 24h in YAML and as nanoseconds in JSON.
package sensor

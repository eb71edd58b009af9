// Package sim is a fleet of virtual devices made from one seed.
//
//	groups := []sim.Group{{Name: "sensor", Count: 100, Interval: time.Minute, Ramp: time.Minute}}
//	for _, id := range sim.Identities(seed, groups) { … }   // provision things and certificates
//	fleet, err := sim.New(sim.Plan{Seed: seed, Groups: groups, Start: time.Now(), Dial: dial, Events: events})
//	err = fleet.Run(ctx)                                    // until ctx is done and what waits is sent
//	fleet.Device("sensor-00007").Cut(device.Forever)        // meanwhile, by another goroutine
//
// The parts: sensor (what is read), device (the firmware), mqtt (the client), fault
// and journal (what is broken on purpose, and the record of it), memnet and bubble
// (a network in memory and virtual time). None of them knows the cloud.
package sim

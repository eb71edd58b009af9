package fault

// powerLoss takes the device down.
type powerLoss struct{}

func (powerLoss) on(b *behaviour) { b.off = true }

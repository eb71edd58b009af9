package fault

// stuckSensor lets a metric repeat what was reported last.
type stuckSensor string

func (s stuckSensor) on(b *behaviour) { b.stuck = append(b.stuck, string(s)) }

package fault

// connectStorm acts when it begins: see Device.Begin. A dial that fails meets the
// device's own back-off; without one, a storm against a dead broker would not end.
type connectStorm struct{}

func (connectStorm) on(*behaviour) {}

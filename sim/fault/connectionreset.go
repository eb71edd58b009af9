package fault

// connectionReset cuts what stands with RST and refuses what is new.
type connectionReset struct{}

func (connectionReset) on(c *conditions) { c.cut = true }

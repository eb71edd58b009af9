package fault

// duplicateDelivery publishes each message so many times more; several add up.
type duplicateDelivery int

func (d duplicateDelivery) on(b *behaviour) { b.copies += int(d) }

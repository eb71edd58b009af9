package reports

// load compares what the simulator or the devices' queues left out. How late it was
// is this machine's, and is shown and not judged.
func (c *Comparison) load() {
	before, now := c.before.Load, c.now.Load
	if before == nil || now == nil {
		return
	}
	c.fewer("readings skipped", before.Skipped, now.Skipped)
	c.fewer("readings dropped from queues", before.Dropped, now.Dropped)
	c.duration("p99, readings taken late", before.Late.P99, now.Late.P99, false)
}

// quotas compares each quota that one of the runs breaches, and what a month costs.
func (c *Comparison) quotas() {
	before, now := c.before.Quotas, c.now.Quotas
	if before == nil || now == nil {
		return
	}
	was := map[string]QuotaCheck{}
	for _, q := range before.Checks {
		was[q.Service+": "+q.Name] = q
	}
	for _, q := range now.Checks {
		name := q.Service + ": " + q.Name
		if b, ok := was[name]; ok && (b.Breached || q.Breached) {
			c.judged("quota, "+name, b.Peak, q.Peak, !b.Breached, !q.Breached)
		}
	}
	if before.Bill != nil && now.Bill != nil {
		c.Rows = append(c.Rows, Compared{
			Name: "USD a month", Before: usd(before.Bill.Total), Now: usd(now.Bill.Total),
			Change: change(before.Bill.Total, now.Bill.Total), Mark: c.mark(before.Bill.Total, now.Bill.Total),
		})
	}
}

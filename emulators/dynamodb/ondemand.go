package dynamodb

// accountUnits is what an account lets an on-demand table or index read, and
// write, in a second.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput
const accountUnits = 40_000

// OnDemandThroughput is how much may be read from and written to an on-demand table
// or index in a second, in units; -1 is without a bound of its own. See
// Config.Enforce.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_OnDemandThroughput.html
type OnDemandThroughput struct {
	MaxReadRequestUnits  *int64
	MaxWriteRequestUnits *int64
}

// ceiling is an OnDemandThroughput that has been checked; 0 is without a bound.
type ceiling struct{ reads, writes int64 }

// ceiling checks the bound of the table or of the index named and puts it in the
// place of one that there was.
func (t *table) ceiling(had ceiling, p *OnDemandThroughput, index string) (ceiling, error) {
	where := forIndex(index)
	switch {
	case !t.onDemand && p != nil && p.MaxReadRequestUnits != nil:
		return had, notProvisioned("MaxReadRequestUnits", index)
	case !t.onDemand && p != nil:
		return had, notProvisioned("MaxWriteRequestUnits", index)
	case !t.onDemand:
		return ceiling{}, nil
	case p == nil:
		return had, nil
	case p.MaxReadRequestUnits == nil && p.MaxWriteRequestUnits == nil:
		return had, invalid("One or more parameter values were invalid: At least one of MaxReadRequestUnits or MaxWriteRequestUnits must be specified in OnDemandThroughput%s", where)
	}
	what := "table"
	if index != "" {
		what = "index : " + index
	}
	if err := setMost(&had.reads, p.MaxReadRequestUnits, "MaxReadRequestUnits", what); err != nil {
		return had, err
	}
	return had, setMost(&had.writes, p.MaxWriteRequestUnits, "MaxWriteRequestUnits", what)
}

// notProvisioned refuses a bound of a table, or of the index named, that is not on demand.
func notProvisioned(member, index string) error {
	if index != "" {
		member += " for index : " + index
	}
	return invalid("One or more parameter values were invalid: %s for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED", member)
}

func setMost(to, units *int64, member, what string) error {
	switch {
	case units == nil:
	case *units == -1:
		*to = 0
	case *units < 1 || *units > accountUnits:
		return invalid("One or more parameter values were invalid: Requested %s for OnDemandThroughput for %s is outside of valid range", member, what)
	default:
		*to = *units
	}
	return nil
}

// describe is nil where there is no bound.
func (c ceiling) describe() *OnDemandThroughput {
	if c == (ceiling{}) {
		return nil
	}
	units := func(n int64) *int64 {
		if n == 0 {
			n = -1
		}
		return &n
	}
	return &OnDemandThroughput{units(c.reads), units(c.writes)}
}

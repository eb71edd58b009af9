package dynamodb

import "fmt"

// New on-demand tables and indexes are as warm as this.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial
const (
	warmReads  = 12_000
	warmWrites = 4_000
)

// WarmThroughput is what a table or index must be able to take at once, in units a
// second. Tables here are always warm, so it is kept and described; it only grows.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
type WarmThroughput struct {
	ReadUnitsPerSecond  *int64
	WriteUnitsPerSecond *int64
}

// WarmDescription is a WarmThroughput and that it is reached.
type WarmDescription struct {
	ReadUnitsPerSecond  int64
	WriteUnitsPerSecond int64
	Status              string
}

// warmth is a WarmThroughput that was set; 0 is not.
type warmth struct{ reads, writes int64 }

// warmer checks what the table, or the index named, is to be and gives it.
func (t *table) warmer(had warmth, p *WarmThroughput, index string) (warmth, error) {
	what := "table"
	if index != "" {
		what = "index: " + index
	}
	switch {
	case p == nil:
		return had, nil
	case p.ReadUnitsPerSecond == nil && p.WriteUnitsPerSecond == nil:
		return had, invalid("One or more parameter values were invalid: At least one of ReadUnitsPerSecond or WriteUnitsPerSecond must be specified in WarmThroughput for %s", what)
	}
	now := t.warm(had)
	grow := func(to *int64, from int64, units *int64, member string) error {
		switch {
		case units == nil:
			return nil
		case *units < 1 || *units > accountUnits:
			return constraint(fmt.Sprintf("'%d'", *units), "warmThroughput."+member, fmt.Sprintf("Member must be between 1 and %d", accountUnits))
		case *units < from:
			return invalid("One or more parameter values were invalid: Requested %s for WarmThroughput for %s is lower than current WarmThroughput, decreasing WarmThroughput is not supported", member, what)
		}
		*to = *units
		return nil
	}
	if err := grow(&had.reads, now.reads, p.ReadUnitsPerSecond, "ReadUnitsPerSecond"); err != nil {
		return had, err
	}
	return had, grow(&had.writes, now.writes, p.WriteUnitsPerSecond, "WriteUnitsPerSecond")
}

// warm is how warm a table or index is.
func (t *table) warm(set warmth) warmth {
	if t.onDemand {
		return warmth{max(set.reads, warmReads), max(set.writes, warmWrites)}
	}
	return set
}

// describeWarm is nil for a provisioned table for which nothing was set.
func (t *table) describeWarm(set warmth) *WarmDescription {
	w := t.warm(set)
	if w == (warmth{}) {
		return nil
	}
	return &WarmDescription{w.reads, w.writes, "ACTIVE"}
}

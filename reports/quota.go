package reports

import "fmt"

// Quotas is what AWS would have said to a run, in us-east-1 with the quotas of a
// new account.
type Quotas struct {
	// Mode is observe or, where the emulators applied the quotas, enforce.
	Mode   string       `json:"mode"`
	Checks []QuotaCheck `json:"checks"`
	// Breached is how many of them are.
	Breached int `json:"breached"`
	// Settings are the smallest that would hold.
	Settings     []QuotaSetting `json:"settings"`
	ShardsNeeded int            `json:"shards_needed"`
	// Bill is an estimate for a month that goes like the run.
	Bill *Bill `json:"bill,omitempty"`
}

// QuotaCheck is one quota and the most that the run asked for.
type QuotaCheck struct {
	Service string `json:"service"`
	Name    string `json:"name"`
	Limit   string `json:"limit"`
	Peak    string `json:"peak"`
	// Where names what had the peak and when, where that is known.
	Where string `json:"where,omitempty"`
	// Over is how much came beyond the limit.
	Over     int64 `json:"over,omitempty"`
	Breached bool  `json:"breached,omitempty"`
	// Verdict is what AWS does about it.
	Verdict string `json:"verdict,omitempty"`
}

// String is one line.
func (c QuotaCheck) String() string {
	line := fmt.Sprintf("%s: %s: %s", c.Service, c.Name, c.Peak)
	if c.Limit != "0" { // what must not be at all needs no limit
		line += ", limit " + c.Limit
	}
	if c.Where != "" {
		line += " (" + c.Where + ")"
	}
	if c.Verdict != "" {
		line += ": " + c.Verdict
	}
	return line
}

// QuotaSetting is a setting of the scenario and the least that holds.
type QuotaSetting struct {
	Name  string `json:"name"`
	Is    string `json:"is"`
	Needs string `json:"needs"`
	Holds bool   `json:"holds"`
}

// Bill is what a month costs, in US dollars.
type Bill struct {
	Region string `json:"region"`
	// Scale is how many times the run goes into a month.
	Scale float64    `json:"scale"`
	Total float64    `json:"total_usd"`
	Lines []BillLine `json:"lines"`
	// Assumptions are what the estimate takes for granted.
	Assumptions []string `json:"assumptions"`
}

// BillLine is one item, with its price and where and when that was seen.
type BillLine struct {
	Service  string  `json:"service"`
	Item     string  `json:"item"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
	Price    string  `json:"price"`
	USD      float64 `json:"usd"`
	Page     string  `json:"page"`
	Seen     string  `json:"seen"`
}

// Services are the costs of each service, in the order of the lines.
func (b *Bill) Services() []ServiceCost {
	var list []ServiceCost
	for _, l := range b.Lines {
		if n := len(list); n == 0 || list[n-1].Service != l.Service {
			list = append(list, ServiceCost{Service: l.Service})
		}
		list[len(list)-1].USD += l.USD
	}
	return list
}

// ServiceCost is what one service costs a month.
type ServiceCost struct {
	Service string
	USD     float64
}

// usd writes an amount; small ones keep their digits.
func usd(v float64) string {
	switch {
	case v >= 999.995:
		return count(int(v + 0.5))
	case v > 0 && v < 0.01:
		return "< 0.01"
	}
	return fmt.Sprintf("%.2f", v)
}

// quantity is what a month uses, for a reader: of large numbers four digits.
func quantity(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.4g million", v/1e6)
	case v >= 1000:
		return count(int(v + 0.5))
	}
	return fmt.Sprintf("%.3g", v)
}

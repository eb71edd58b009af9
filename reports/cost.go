package reports

import (
	"fmt"
	"text/tabwriter"
	"time"
)

// Cost is what a part of the program cost a run.
type Cost struct {
	// Part is simulator, emulators, pipeline (with the AWS SDK), ledger (with the taps
	// that feed it), garbage collector or other.
	Part string `json:"part"`
	// CPU is processor time, Allocated the bytes that were asked for.
	CPU       time.Duration `json:"cpu_ns"`
	Allocated int64         `json:"allocated_bytes"`
	// Live are the bytes in use when everything was stored.
	Live int64 `json:"live_bytes"`
}

// costRow is a Cost as reports show it.
type costRow struct {
	Part, CPU, Share, EachCPU, Allocated, EachAllocated, Live string
}

// leastCost is how much processor time a split takes to mean anything: profiles
// are samples, a hundred a second.
const leastCost = time.Second

// CostRows say who used processor and memory, in all and a message. There are none
// where the run was over at once.
func (r *Result) CostRows() []costRow {
	var cpu time.Duration
	for _, c := range r.Costs {
		cpu += c.CPU
	}
	n := r.Counts.Sampled
	if cpu < leastCost || n == 0 {
		return nil
	}
	var rows []costRow
	for _, c := range r.Costs {
		rows = append(rows, costRow{
			c.Part, c.CPU.Round(10 * time.Millisecond).String(), fmt.Sprintf("%.0f %%", 100*float64(c.CPU)/float64(cpu)),
			(c.CPU / time.Duration(n)).Round(100 * time.Nanosecond).String(),
			byteSize(c.Allocated), byteSize(c.Allocated / int64(n)), byteSize(c.Live),
		})
	}
	return rows
}

func (t *text) costs(rows []costRow) {
	if len(rows) == 0 {
		return
	}
	t.line("")
	table := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "cost\tCPU\tshare\ta message\tallocated\ta message\tin use\t")
	for _, c := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", c.Part, c.CPU, c.Share, c.EachCPU, c.Allocated, c.EachAllocated, c.Live)
	}
	if err := table.Flush(); t.err == nil {
		t.err = err
	}
}

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

// costs says who used processor and memory. Profiles are samples: a run that was
// over at once has no split worth a table.
func (t *text) costs(costs []Cost, messages int) {
	var cpu time.Duration
	for _, c := range costs {
		cpu += c.CPU
	}
	if cpu < time.Second || messages == 0 {
		return
	}
	t.line("")
	table := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "cost\tCPU\tshare\ta message\tallocated\ta message\tin use\t")
	for _, c := range costs {
		fmt.Fprintf(table, "%s\t%s\t%.0f %%\t%s\t%s\t%s\t%s\t\n", c.Part, c.CPU.Round(10*time.Millisecond), 100*float64(c.CPU)/float64(cpu),
			(c.CPU / time.Duration(messages)).Round(100*time.Nanosecond), byteSize(c.Allocated), byteSize(c.Allocated/int64(messages)), byteSize(c.Live))
	}
	if err := table.Flush(); t.err == nil {
		t.err = err
	}
}

package reports

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// offlineTruth tells how the offline detector did by what the devices really were.
func (t *text) offlineTruth(o *OfflineTruth) {
	if o == nil || len(o.Thresholds) == 0 {
		return
	}
	t.line("")
	t.line("offline detection and the truth: %d outages, %d found, %d missed, %d too short; %d false",
		o.Outages, o.Found, o.Missed, o.Brief, o.False)
	if len(o.Causes) > 0 {
		t.table("cause\toutages\tfound\tmissed\tshort\tfalse\tdelay p50\tp99\tfrom last sign\tp99\t", func(row func(string, ...any)) {
			for _, c := range o.Causes {
				row("%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t", clean(c.Cause), c.Outages, c.Found, c.Missed, c.Brief, c.False,
					delay(c.FromOutage.P50), delay(c.FromOutage.P99), delay(c.FromSign.P50), delay(c.FromSign.P99))
			}
		})
	}
	t.table("with a silence of\tfound\tmissed\tshort\tfalse\tdelay p50\tp99\t\t", func(row func(string, ...any)) {
		for _, x := range o.Telling() {
			row("%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t", round(x.Silence), x.Found, x.Missed, x.Brief, x.False, delay(x.Delay.P50), delay(x.Delay.P99), o.label(x))
		}
	})
	if advice := o.Advice(); advice != "" {
		t.paragraph("", advice)
	}
}

// label marks the run's own threshold and the recommended one.
func (t *OfflineTruth) label(x OfflineThreshold) string {
	var words []string
	if x.Silence == t.Silence {
		words = append(words, "this run")
	}
	if x.Silence == t.Recommended {
		words = append(words, "recommended")
	}
	return strings.Join(words, ", ")
}

// delay is a dash where there is none.
func delay(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return round(d)
}

// table writes aligned columns under a head.
func (t *text) table(head string, rows func(row func(string, ...any))) {
	table := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, head)
	rows(func(format string, args ...any) { fmt.Fprintf(table, format+"\n", args...) })
	if err := table.Flush(); t.err == nil {
		t.err = err
	}
}

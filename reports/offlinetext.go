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
	t.line("offline truth: %d outages, %d found, %d missed, %d short; %d false",
		o.Outages, o.Found, o.Missed, o.Brief, o.False)
	if o.Outages > 0 {
		t.table("cause\toutages\tfound\tmissed\tshort\tdelay p50\tp99\tfrom sign\tp99\t", func(row func(string, ...any)) {
			for _, c := range o.Causes {
				if c.Outages > 0 {
					row("%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t", Clean(c.Cause), c.Outages, c.Found, c.Missed, c.Brief,
						delay(c.FromOutage.P50), delay(c.FromOutage.P99), delay(c.FromSign.P50), delay(c.FromSign.P99))
				}
			}
		})
	}
	for _, c := range o.Causes {
		if c.False > 0 {
			t.line("  %d false while %s", c.False, Clean(c.Cause))
		}
	}
	t.table("with a silence of\tfound\tmissed\tshort\tfalse\tdelay p50\tp99\t", func(row func(string, ...any)) {
		for _, x := range o.Telling() {
			row("%s\t%d\t%d\t%d\t%d\t%s\t%s\t", o.label(x), x.Found, x.Missed, x.Brief, x.False, delay(x.Delay.P50), delay(x.Delay.P99))
		}
	})
	if advice := o.Advice(); advice != "" {
		t.paragraph("", advice)
	}
}

// label is a threshold, marked where it is the run's own or the recommended one.
func (t *OfflineTruth) label(x OfflineThreshold) string {
	return strings.Join(append(t.marks(x), round(x.Silence)), ", ")
}

func (t *OfflineTruth) marks(x OfflineThreshold) (words []string) {
	if x.Silence == t.Silence {
		words = append(words, "this run")
	}
	if x.Silence == t.Recommended {
		words = append(words, "recommended")
	}
	return words
}

// delay is a dash where there is none.
func delay(d time.Duration) string {
	switch {
	case d == 0:
		return "-"
	case d < time.Millisecond:
		return "0s"
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

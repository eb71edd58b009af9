package reports

import (
	"fmt"
	"math"
	"time"
)

// verdicts compares the runs' own verdicts and each expectation.
func (c *Comparison) verdicts() {
	c.judged("verdict", verdictWord(c.before), verdictWord(c.now), c.before.Passed(), c.now.Passed())
	was := map[string]Expectation{}
	for _, e := range c.before.Expectations {
		was[e.Text] = e
	}
	for _, e := range c.now.Expectations {
		if b, ok := was[e.Text]; ok {
			c.judged(e.Text, b.Measured, e.Measured, b.Passed, e.Passed)
		}
	}
}

// judged enters a value that is good or bad in itself.
func (c *Comparison) judged(name, before, now string, wasGood, isGood bool) {
	row := Compared{Name: Clean(name), Before: Clean(before), Now: Clean(now)}
	switch {
	case wasGood && !isGood:
		row.Mark = Worse
	case !wasGood && isGood:
		row.Mark = Better
	}
	c.Rows = append(c.Rows, row)
}

// sinks compares what was lost, and what share is not stored for another reason.
func (c *Comparison) sinks() {
	for _, now := range c.now.Sinks {
		for _, before := range c.before.Sinks {
			if before.Name != now.Name {
				continue
			}
			c.fewer("lost, "+now.Name, before.Fates["lost"]+before.Fates["corrupted"], now.Fates["lost"]+now.Fates["corrupted"])
			c.share("not stored, "+now.Name, before.missing(), now.missing())
		}
	}
}

// missing is the share of a sink's messages that are not where they belong.
func (s Sink) missing() float64 {
	if s.Expected == 0 {
		return 0
	}
	good := 0
	for _, fate := range []string{"stored", "stored twice", "superseded", "filtered"} {
		good += s.Fates[fate]
	}
	return float64(s.Expected-good) / float64(s.Expected)
}

func (c *Comparison) share(name string, before, now float64) {
	words := func(v float64) string { return fmt.Sprintf("%.2f %%", 100*v) }
	row := Compared{Name: Clean(name), Before: words(before), Now: words(now)}
	if math.Abs(now-before) > shareSlack {
		row.Mark = c.mark(before, now)
	}
	c.Rows = append(c.Rows, row)
}

// fewer enters a count of what must not happen: one more is worse.
func (c *Comparison) fewer(name string, before, now int) {
	row := Compared{Name: Clean(name), Before: count(before), Now: count(now)}
	if now != before {
		row.Change = fmt.Sprintf("%+d", now-before)
		row.Mark = Better
	}
	if now > before {
		row.Mark = Worse
	}
	c.Rows = append(c.Rows, row)
}

func (c *Comparison) outcomes() {
	c.fewer("alerts not as expected", c.before.wrongAlerts(), c.now.wrongAlerts())
	c.fewer("silences missed or false", c.before.wrongSilences(), c.now.wrongSilences())
	c.fewer("commands not acted on", c.before.idleCommands(), c.now.idleCommands())
}

func (r *Result) wrongAlerts() (n int) {
	for _, a := range r.Alerts.List {
		if a.Verdict != "sent" {
			n++
		}
	}
	return n
}

func (r *Result) wrongSilences() (n int) {
	for _, o := range r.Offline {
		if o.Verdict != "found" {
			n++
		}
	}
	return n
}

func (r *Result) idleCommands() (n int) {
	for _, command := range r.Commands {
		if command.Acted.IsZero() {
			n++
		}
	}
	return n
}

// latencies compares percentiles; the largest value of all is shown and not judged.
func (c *Comparison) latencies() {
	for _, now := range c.now.Latencies {
		for _, before := range c.before.Latencies {
			if before.Stage != now.Stage {
				continue
			}
			c.duration("p50, "+now.Stage, before.P50, now.P50, true)
			c.duration("p90, "+now.Stage, before.P90, now.P90, true)
			c.duration("p99, "+now.Stage, before.P99, now.P99, true)
			c.duration("max, "+now.Stage, before.Max, now.Max, false)
		}
	}
}

func (c *Comparison) duration(name string, before, now time.Duration, judge bool) {
	row := Compared{Name: Clean(name), Before: short(before), Now: short(now), Change: change(float64(before), float64(now))}
	if judge && (now-before).Abs() > latencySlack {
		row.Mark = c.mark(float64(before), float64(now))
	}
	c.Rows = append(c.Rows, row)
}

// rates compares messages a second, of which more is better.
func (c *Comparison) rates() {
	for _, now := range c.now.Rates {
		for _, before := range c.before.Rates {
			if before.Stage != now.Stage {
				continue
			}
			words := func(v float64) string { return fmt.Sprintf("%.4g/s", v) }
			c.Rows = append(c.Rows, Compared{
				Name: Clean("rate, " + now.Stage), Before: words(before.PerSecond), Now: words(now.PerSecond),
				Change: change(before.PerSecond, now.PerSecond), Mark: c.mark(now.PerSecond, before.PerSecond),
			})
		}
	}
}

// cost shows the processor's time by message, and does not judge: it is this
// machine's, and what else ran on it.
func (c *Comparison) cost() {
	before, now := c.before.cpuEach(), c.now.cpuEach()
	if before > 0 && now > 0 {
		c.duration("CPU a message", before, now, false)
	}
}

func (r *Result) cpuEach() time.Duration {
	cpu := time.Duration(0)
	for _, c := range r.Costs {
		cpu += c.CPU
	}
	return cpu / time.Duration(max(r.Counts.Sampled, 1))
}

// mark judges values of which less is better.
func (c *Comparison) mark(before, now float64) string {
	switch {
	case now > before*(1+c.Tolerance):
		return Worse
	case before > now*(1+c.Tolerance):
		return Better
	}
	return ""
}

// change words a difference: in per cent, or as a factor where it is large.
func change(before, now float64) string {
	if before == 0 || now == 0 {
		return ""
	}
	switch share := (now - before) / before; {
	case now >= 10*before:
		return fmt.Sprintf("×%s", count(int(now/before)))
	case math.Abs(share) < 0.0005:
		return ""
	default:
		return fmt.Sprintf("%+.1f %%", 100*share)
	}
}

package reports

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html.tmpl
var htmlSource string

//go:embed expectations.html.tmpl
var expectationsSource string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"count": count,
	"whole": func(n int64) string { return count(int(n)) },
	"clean": clean,
	"short": short,
	"clock": clock,
	"round": round,
	"delay": delay,
	"word":  verdictWord,
	"class": fateClass,
	"share": func(n, of int) string {
		if of == 0 {
			return "0"
		}
		return fmt.Sprintf("%.3f", 100*float64(n)/float64(of))
	},
}).Parse(htmlSource + expectationsSource))

type htmlPage struct {
	*Result
	Throughput, Latency, Connected, Timeline, Thresholds template.HTML
	TimelineRows, HiddenRows                             int
	VersionNames                                         []string
}

// HTML writes the result as one self-contained file: no script, no request.
func HTML(w io.Writer, r *Result) error {
	bands := faultBands(r)
	lines := newTimeline(r)
	page := htmlPage{
		Result: r,
		Throughput: plot{title: "messages per second", step: r.Series.Step, bands: bands, lines: []plotLine{
			{"sent", "line-a", r.Series.Sent}, {"stored", "line-b", r.Series.Stored}}}.svg(),
		Latency: plot{title: "store latency in ms", step: r.Series.Step, bands: bands, lines: []plotLine{
			{"p50", "line-a", r.Series.P50}, {"p99", "line-b", r.Series.P99}}}.svg(),
		Connected: plot{title: "connected devices", step: r.Series.Step, bands: bands, lines: []plotLine{
			{"connected", "line-a", r.Series.Connected}}}.svg(),
		Timeline:     lines.svg(),
		Thresholds:   thresholdPlot(r.OfflineTruth),
		TimelineRows: len(lines.rows),
		HiddenRows:   max(len(lines.rows)-maxRows, 0),
		VersionNames: sortedKeys(r.Versions),
	}
	if err := htmlTemplate.Execute(w, page); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
}

func faultBands(r *Result) []band {
	if r.Duration <= 0 {
		return nil
	}
	var bands []band
	for _, f := range r.Faults {
		from := float64(f.At.Sub(r.Started)) / float64(r.Duration)
		to := 1.0
		if f.For > 0 {
			to = from + float64(f.For)/float64(r.Duration)
		}
		bands = append(bands, band{from, to, f.Kind + " on " + f.Target})
	}
	return bands
}

// fateClass groups fates by colour: good, explained, bad.
func fateClass(fate string) string {
	switch fate {
	case "stored", "filtered", "superseded":
		return fate
	case "lost", "corrupted":
		return "lost"
	}
	return "other"
}

package reports

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed *.html.tmpl
var htmlSources embed.FS

//go:embed page.css
var pageStyle string

// pages are report.html.tmpl and partial.html.tmpl, and a file of sections for each
// subject: a new one defines a section, and report.html.tmpl says where it stands.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"count": count,
	"whole": func(n int64) string { return count(int(n)) },
	"clean": Clean,
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
	"size":     byteSize,
	"usd":      usd,
	"quantity": quantity,
	"since":    func(began, at time.Time) string { return round(max(at.Sub(began), 0)) },
	"percent":  func(v float64) string { return fmt.Sprintf("%.4g%%", 100*v) },
	"style":    func() template.CSS { return template.CSS(pageStyle) },
}).ParseFS(htmlSources, "*.html.tmpl"))

type htmlPage struct {
	*Result
	Throughput, Latency, Connected, Thresholds template.HTML
	Timeline                                   timeline
	Tiles                                      []tile
	Next                                       []command
	VersionNames                               []string
}

// HTML writes the result as one self-contained file: no script, no request.
func HTML(w io.Writer, r *Result) error {
	page := htmlPage{
		Result: r,
		Throughput: timeChart{title: "messages per second", result: r, unit: "/s", list: []measured{
			{"sent", "line-a", r.Series.Sent, true}, {"stored", "line-b", r.Series.Stored, false}}}.html(),
		Latency: timeChart{title: "store latency", result: r, delays: true, list: []measured{
			{"p99", "line-b", r.Series.P99, false}, {"p90", "line-c", r.Series.P90, false}, {"p50", "line-a", r.Series.P50, false}}}.html(),
		Connected: timeChart{title: "connected devices", result: r, whole: true, list: []measured{
			{"connected", "line-a", r.Series.Connected, true}}}.html(),
		Thresholds:   thresholdChart(r.OfflineTruth),
		Timeline:     newTimeline(r),
		Tiles:        tiles(r),
		Next:         nextCommands(r),
		VersionNames: sortedKeys(r.Versions),
	}
	if err := pages.ExecuteTemplate(w, "report.html.tmpl", page); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
}

// PartialHTML writes what is known of a killed run as one self-contained file.
func PartialHTML(w io.Writer, p *Partial) error {
	if err := pages.ExecuteTemplate(w, "partial.html.tmpl", p); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
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

func byteSize(n int64) string {
	for _, unit := range []string{"bytes", "KiB", "MiB"} {
		if n < 10<<10 {
			return fmt.Sprintf("%d %s", n, unit)
		}
		n >>= 10
	}
	return fmt.Sprintf("%d GiB", n)
}

// tile is one number at the top of a report.
type tile struct{ Name, Value, Class string }

func tiles(r *Result) []tile {
	list := []tile{
		{"devices", count(r.Devices), ""},
		{"messages sent", count(r.Counts.Sent), ""},
		{"acknowledged", count(r.Counts.Acked), ""},
	}
	lost, class := 0, "good"
	for _, s := range r.Sinks {
		lost += s.Fates["lost"]
	}
	if lost > 0 {
		class = "bad"
	}
	list = append(list, tile{"lost, all sinks", count(lost), class})
	for _, l := range r.Latencies {
		if l.Stage == "time series" {
			list = append(list, tile{"p99 to the time series", short(l.P99), ""})
		}
	}
	return append(list, tile{"run, " + r.Clock + " clock", round(r.Duration), ""})
}

// command is a command line that leads on from a report, and what it does.
type command struct{ What, Line string }

// nextCommands explain the worst message and make the run again.
func nextCommands(r *Result) []command {
	var list []command
	if len(r.Messages) > 0 {
		list = append(list, command{"what happened to " + Clean(r.Messages[0].Message), shellLine("shakedown", "explain", orRun(r.Folder), r.Messages[0].Message)})
	} else if len(r.Slowest) > 0 {
		list = append(list, command{"the way of the slowest message", shellLine("shakedown", "explain", orRun(r.Folder), r.Slowest[0].Message)})
	}
	return append(list, command{"the same run again", shellLine("shakedown", "replay", orRun(r.Folder))})
}

// shellLine is a command line that a shell reads as these words, whatever a device
// is called.
func shellLine(words ...string) string {
	for i, w := range words {
		w = Clean(w)
		if w == "<run>" || !strings.ContainsAny(w, " \t'\"\\$`!&|;<>()*?[]{}~#") {
			words[i] = w
			continue
		}
		words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(words, " ")
}

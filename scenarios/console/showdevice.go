package console

import (
	"context"
	"html/template"
	"net/http"
	"time"
)

// chart is a drawn metric.
type chart struct {
	Name, Unit, Now string
	SVG             template.HTML
}

// devicePage is one device. Each part has a problem of its own.
type devicePage struct {
	Device
	Known                                            bool // to the device API
	Problem, ChartProblem, RawProblem, AlertsProblem string
	Spans                                            []tab
	Span                                             Span
	Charts                                           []chart
	Messages                                         []Message
	Alerts                                           []Alert
	Commands                                         []Command
	Actions                                          any
	CanCommand                                       bool
}

func (c *Console) showDevice(w http.ResponseWriter, r *http.Request) {
	id, now, ctx := r.PathValue("id"), time.Now(), r.Context()
	v := devicePage{Span: spanOf(r.URL.Query().Get("span"), "5m"), Actions: actions, CanCommand: c.hasAPI()}
	var err error
	if v.CanCommand {
		v.Device, err = c.device(ctx, id)
		v.Known = err == nil
		if !isNotFound(err) {
			v.Problem = c.problem("device", err)
		}
	}
	v.ID = id
	v.Charts, err = c.charts(ctx, id, v.Span, now)
	v.ChartProblem = c.problem("telemetry", err)
	v.Messages, err = c.newest(ctx, id, now)
	v.RawProblem = c.problem("archive", err)
	v.Alerts, err = c.alerts(ctx, alertFilter{device: id}, spanOf("7d", ""))
	v.AlertsProblem = c.problem("alerts", err)
	v.Commands = c.commands.of(id, v.Answer)
	for _, s := range spans {
		v.Spans = append(v.Spans, tab{Text: s.Text, URL: "?span=" + s.Name, Chosen: s == v.Span})
	}
	status := http.StatusOK
	if !v.Known && v.Problem == "" && len(v.Messages)+len(v.Charts) == 0 && !c.registered(ctx, id) {
		status = http.StatusNotFound
	}
	c.show(w, status, "device", page{Title: id, Section: "devices", Now: now, Content: v})
}

// charts are a device's metrics over a span, drawn.
func (c *Console) charts(ctx context.Context, id string, span Span, now time.Time) ([]chart, error) {
	series, err := c.telemetry(ctx, id, span)
	var list []chart
	for _, s := range series {
		last := s.Points[len(s.Points)-1]
		list = append(list, chart{s.Name, units[s.Name], number(last.Mean), lineChart(s, span, now)})
	}
	return list, err
}

package console

import (
	"html/template"
	"net/http"
	"net/url"
	"time"
)

// alertsPage is the alert history.
type alertsPage struct {
	Problem        string
	Device         string
	Spans, Kinds   []tab
	Span           Span
	Alerts         []Alert
	Chart          template.HTML
	Tallies        []tally
	Most           int
	Severity, Name string
}

func (c *Console) showAlerts(w http.ResponseWriter, r *http.Request) {
	query, now := r.URL.Query(), time.Now()
	f := alertFilter{device: query.Get("device"), severity: query.Get("severity")}
	v := alertsPage{Device: f.device, Severity: f.severity, Span: spanOf(query.Get("span"), "1h"), Most: mostAlerts}
	v.Name = v.Span.Name
	for _, s := range spans {
		v.Spans = append(v.Spans, tab{Text: s.Text, URL: alertsURL(f, s.Name), Chosen: s == v.Span})
	}
	for _, severity := range append([]string{""}, severities[:2]...) {
		text := severity
		if text == "" {
			text = "all"
		}
		v.Kinds = append(v.Kinds, tab{Text: text, URL: alertsURL(alertFilter{f.device, severity}, v.Span.Name), Chosen: severity == f.severity})
	}
	var err error
	if v.Alerts, err = c.alerts(r.Context(), f, v.Span); err == nil && len(v.Alerts) > 0 {
		var bins []alertBin
		bins, err = c.alertBins(r.Context(), f, v.Span)
		v.Chart, v.Tallies = alertChart(bins, v.Span, now), tallies(bins)
	}
	v.Problem = c.problem("alerts", err)
	c.show(w, http.StatusOK, "alerts", page{Title: "Alerts", Section: "alerts", Now: now, Content: v})
}

func alertsURL(f alertFilter, span string) string {
	query := url.Values{"span": {span}}
	if f.device != "" {
		query.Set("device", f.device)
	}
	if f.severity != "" {
		query.Set("severity", f.severity)
	}
	return "/alerts?" + query.Encode()
}

package console

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// perPage is the number of devices of a page.
const perPage = 50

// tab is a choice among others, with its address.
type tab struct {
	Text, URL string
	Count     string
	Mark      Status
	Chosen    bool
}

// devicesPage is the list of devices.
type devicesPage struct {
	Problem       string
	Tabs          []tab
	Devices       []Device
	Total, Found  int
	More          bool // than mostDevices
	First, Last   int
	Before, After string // addresses of the pages around; empty at an end
	Query         string
	Status        Status
	Most          int
	WithoutAPI    bool
	Read          time.Time // when the list was
	Stale         bool
}

// noteworthy is how old a list is when the page says so.
const noteworthy = 3 * time.Second

func (c *Console) showDevices(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	v := devicesPage{Query: query.Get("q"), Status: Status(query.Get("status")), Most: mostDevices, WithoutAPI: c.config.Deployed.APIEndpoint == ""}
	now := time.Now()
	list, err := c.all(r.Context())
	all := list.devices
	v.Problem, v.More, v.Total, v.Read = c.problem("devices", err), list.more, len(all), list.read
	v.Stale = now.Sub(list.read) > noteworthy
	n := counts(choose(all, "", v.Query))
	for _, status := range []Status{"", Online, Offline, Unheard} {
		text := string(status)
		if status == "" {
			text = "all"
		}
		v.Tabs = append(v.Tabs, tab{Text: text, URL: listURL(v.Query, status, 1), Count: thousands(n[status]), Mark: status, Chosen: status == v.Status})
	}
	chosen := choose(all, v.Status, v.Query)
	v.Found = len(chosen)
	last := max(1, (len(chosen)+perPage-1)/perPage)
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil {
		number = 1
	}
	number = min(max(number, 1), last)
	v.First, v.Last = (number-1)*perPage, min(number*perPage, len(chosen))
	v.Devices = chosen[v.First:v.Last]
	v.First++
	if number > 1 {
		v.Before = listURL(v.Query, v.Status, number-1)
	}
	if number < last {
		v.After = listURL(v.Query, v.Status, number+1)
	}
	c.show(w, http.StatusOK, "devices", page{Title: "Devices", Section: "devices", Now: now, Content: v})
}

func listURL(text string, status Status, page int) string {
	query := url.Values{}
	if text != "" {
		query.Set("q", text)
	}
	if status != "" {
		query.Set("status", string(status))
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return "/"
	}
	return "/?" + query.Encode()
}

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
	v := devicePage{Span: spanOf(r.URL.Query().Get("span"), "5m"), Actions: actions, CanCommand: c.config.Deployed.APIEndpoint != ""}
	device, err := c.device(ctx, id)
	var refused *statusError
	switch {
	case err == nil:
		v.Known = true
	case errors.As(err, &refused) && refused.code == http.StatusNotFound:
	default:
		v.Problem = c.problem("device", err)
	}
	v.Device = device
	v.ID = id
	for _, s := range spans {
		v.Spans = append(v.Spans, tab{Text: s.Text, URL: "?span=" + s.Name, Chosen: s == v.Span})
	}
	series, err := c.telemetry(ctx, id, v.Span)
	v.ChartProblem = c.problem("telemetry", err)
	for _, s := range series {
		last := s.Points[len(s.Points)-1]
		v.Charts = append(v.Charts, chart{s.Name, units[s.Name], number(last.Mean), lineChart(s, v.Span, now)})
	}
	v.Messages, err = c.newest(ctx, id, now)
	v.RawProblem = c.problem("archive", err)
	v.Alerts, err = c.alerts(ctx, alertFilter{device: id}, spanOf("7d", ""))
	v.AlertsProblem = c.problem("alerts", err)
	v.Commands = c.commands.of(id, device.Answer)
	status := http.StatusOK
	if !v.Known && v.Problem == "" && len(v.Messages)+len(v.Charts) == 0 && !c.registered(ctx, id) {
		status = http.StatusNotFound
	}
	c.show(w, status, "device", page{Title: id, Section: "devices", Now: now, Content: v})
}

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

func (c *Console) showRules(w http.ResponseWriter, r *http.Request) {
	v := struct {
		Problem  string
		Rules    []Rule
		More     bool
		Counting bool
	}{Counting: c.config.Traffic != nil}
	var err error
	v.Rules, v.More, err = c.rules(r.Context())
	v.Problem = c.problem("rules", err)
	c.show(w, http.StatusOK, "rules", page{Title: "Rules", Section: "rules", Now: time.Now(), Content: v})
}

func (c *Console) showStreams(w http.ResponseWriter, r *http.Request) {
	var v struct {
		StreamProblem, FunctionProblem, QueueProblem string
		Streams                                      []Stream
		Functions                                    []Function
		Queue                                        *Queue
		Counting                                     bool
	}
	var err error
	v.Counting = c.config.Traffic != nil
	v.Streams, err = c.streamsOf(r.Context())
	v.StreamProblem = c.problem("streams", err)
	v.Functions, err = c.functionsOf(r.Context())
	v.FunctionProblem = c.problem("functions", err)
	v.Queue, err = c.deadLetters(r.Context())
	v.QueueProblem = c.problem("dead letters", err)
	c.show(w, http.StatusOK, "streams", page{Title: "Streams and functions", Section: "streams", Now: time.Now(), Content: v})
}

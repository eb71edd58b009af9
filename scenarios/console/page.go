package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed templates
var templates embed.FS

// pages are the templates by name, each within the layout.
var pages = func() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(functions).ParseFS(templates, "templates/layout.html", "templates/parts.html"))
	set := map[string]*template.Template{}
	for _, name := range []string{"devices", "device", "alerts", "rules", "streams", "error"} {
		set[name] = template.Must(template.Must(layout.Clone()).ParseFS(templates, "templates/"+name+".html"))
	}
	return set
}()

// functions are what templates call.
var functions = template.FuncMap{
	"ago":      func(now, at time.Time) string { return ago(now.Sub(at)) },
	"iso":      func(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") },
	"utc":      func(at time.Time) string { return at.UTC().Format("15:04:05.000") },
	"day":      func(at time.Time) string { return at.UTC().Format("2 Jan 15:04:05") },
	"thousand": thousands,
	"number":   number,
	"severity": severityClass,
	"plain":    func(name string) string { return strings.ReplaceAll(name, "_", " ") },
	"sub":      func(a, b time.Time) string { return a.Sub(b).Round(time.Millisecond).String() },
	"when":     func(now, at time.Time) moment { return moment{now, at} },
}

// moment is a time in a page, with the page's own.
type moment struct{ Now, At time.Time }

// ago is a span of time in one word or two.
func ago(d time.Duration) string {
	switch {
	case d < -time.Second:
		return "in the future"
	case d < time.Second:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", d/time.Hour)
	}
	return fmt.Sprintf("%d days ago", d/(24*time.Hour))
}

// thousands is a whole number with commas.
func thousands(n any) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// tab is a choice among others, with its address.
type tab struct {
	Text, URL string
	Count     string
	Chosen    bool
}

// page is what every template gets.
type page struct {
	Title, Section string // Section marks the place in the navigation
	Console, Token string
	Now            time.Time
	Content        any
}

// show writes a page; it is made whole before a byte is sent.
func (c *Console) show(w http.ResponseWriter, status int, name string, p page) {
	p.Console, p.Token = c.config.Title, c.token
	var text bytes.Buffer
	if err := pages[name].ExecuteTemplate(&text, "layout.html", p); err != nil {
		c.config.Log.Error("console: page", "page", name, "error", err)
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(text.Len()))
	w.WriteHeader(status)
	// That the reader has gone is nobody's error.
	_, _ = w.Write(text.Bytes())
}

// fail says what went wrong and what to do.
func (c *Console) fail(w http.ResponseWriter, _ *http.Request, status int, what, todo string) {
	c.show(w, status, "error", page{Title: http.StatusText(status), Now: time.Now(), Content: struct{ What, Todo string }{what, todo}})
}

func (c *Console) notFound(w http.ResponseWriter, r *http.Request) {
	c.fail(w, r, http.StatusNotFound, "There is no such page.", "Begin with the devices.")
}

// problem is why a part of a page is missing, in words; empty when it is not.
func (c *Console) problem(part string, err error) string {
	if err == nil {
		return ""
	}
	c.config.Log.Warn("console: "+part, "error", err)
	return explain(err)
}

package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// perPage is the number of devices of a page.
const perPage = 50

// noteworthy is how old a list is when the page says so.
const noteworthy = 3 * time.Second

// devicesPage is the list of devices.
type devicesPage struct {
	Problem    string
	Tabs       []tab
	Total      int
	More       bool // than Most
	Most       int
	Query      string
	Status     Status
	WithoutAPI bool
	Read       time.Time // when the list was
	Stale      bool
	stretch
}

// stretch is the part of a list that one page shows.
type stretch struct {
	Devices            []Device
	First, Last, Found int
	Before, After      string // addresses of the pages around; empty at an end
}

func (c *Console) showDevices(w http.ResponseWriter, r *http.Request) {
	query, now := r.URL.Query(), time.Now()
	list, err := c.all(r.Context())
	v := devicesPage{
		Problem: c.problem("devices", err), Total: len(list.devices), More: list.more, Most: mostDevices,
		Query: query.Get("q"), Status: Status(query.Get("status")), WithoutAPI: !c.hasAPI(),
		Read: list.read, Stale: now.Sub(list.read) > noteworthy,
	}
	found := choose(list.devices, "", v.Query)
	v.Tabs = statusTabs(counts(found), v.Query, v.Status)
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil {
		number = 1 // somebody's own page number
	}
	v.stretch = stretchOf(choose(found, v.Status, ""), number, func(page int) string { return listURL(v.Query, v.Status, page) })
	c.show(w, http.StatusOK, "devices", page{Title: "Devices", Section: "devices", Now: now, Content: v})
}

// statusTabs are the statuses with the number of devices that were found in each.
func statusTabs(n map[Status]int, text string, chosen Status) []tab {
	var tabs []tab
	for _, status := range []Status{"", Online, Offline, Unheard} {
		name := string(status)
		if status == "" {
			name = "all"
		}
		tabs = append(tabs, tab{Text: name, URL: listURL(text, status, 1), Count: thousands(n[status]), Chosen: status == chosen})
	}
	return tabs
}

// stretchOf is a page of a list, counted from 1; one that is not there is the
// nearest that is.
func stretchOf(devices []Device, number int, address func(int) string) stretch {
	last := max(1, (len(devices)+perPage-1)/perPage)
	number = min(max(number, 1), last)
	from, to := (number-1)*perPage, min(number*perPage, len(devices))
	s := stretch{Devices: devices[from:to], First: from + 1, Last: to, Found: len(devices)}
	if number > 1 {
		s.Before = address(number - 1)
	}
	if number < last {
		s.After = address(number + 1)
	}
	return s
}

// listURL is the address of a page of the list.
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

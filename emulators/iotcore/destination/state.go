package destination

import (
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds: of a destination's URL (API_HttpUrlDestinationConfiguration), of their
// number, and of the time that a token is good for.
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-destination.html
const (
	maxURL          = 2000
	maxDestinations = 1000
	tokenLife       = 3 * 24 * time.Hour
)

// Status is that of a destination.
type Status string

// The statuses.
const (
	InProgress Status = "IN_PROGRESS"
	Enabled    Status = "ENABLED"
	Disabled   Status = "DISABLED"
	Failed     Status = "ERROR"
)

// Config is what the destinations of a cloud need.
type Config struct {
	Identity wire.Identity
	// Web takes confirmation messages: nil refuses new destinations. It is the
	// caller's to say which hosts it reaches, and it must not follow redirects.
	Web interface {
		Do(*http.Request) (*http.Response, error)
	}
	// API is the base URL of the control plane, for the enableUrl of a message.
	API string
}

// State is the destinations of one account. Its methods may be called at once.
type State struct {
	config Config

	mu    sync.Mutex
	byARN map[string]*destination
}

// New makes a State without destinations.
func New(config Config) *State {
	return &State{config: config, byARN: map[string]*destination{}}
}

// destination is guarded by the State's lock.
type destination struct {
	arn, url         string
	status           Status
	reason           string
	token            string // of the last message
	sent             time.Time
	created, updated time.Time
}

// CheckURL tells whether a text is the URL of a web server. AWS wants https; here http
// is one too, for servers on this machine.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(text) > maxURL {
		before, _, _ := strings.Cut(text, "?")
		return fmt.Errorf("%q is not the URL of a web server", before)
	}
	return nil
}

// WithoutQuery is a URL as logs and errors have it: what is behind the question mark
// may be a secret.
func WithoutQuery(address string) string {
	at, err := url.Parse(address)
	if err != nil {
		return "(no URL)"
	}
	at.RawQuery, at.ForceQuery, at.Fragment = "", false, ""
	return at.Redacted()
}

// Enabled tells whether a rule may deliver to what the destination of this
// confirmation URL stands for; an error says why not.
func (s *State) Enabled(confirmationURL string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.of(confirmationURL)
	switch {
	case d == nil:
		return fmt.Errorf("there is no topic rule destination for %s", WithoutQuery(confirmationURL))
	case d.now() != Enabled:
		return fmt.Errorf("the topic rule destination for %s is not ENABLED but %s", WithoutQuery(confirmationURL), d.now())
	}
	return nil
}

// of is the destination of a confirmation URL; the caller holds the lock.
func (s *State) of(confirmationURL string) *destination {
	for _, d := range s.byARN {
		if d.url == confirmationURL {
			return d
		}
	}
	return nil
}

// sorted are the destinations in the order of their making; the caller holds the lock.
func (s *State) sorted() []*destination {
	all := make([]*destination, 0, len(s.byARN))
	for _, d := range s.byARN {
		all = append(all, d)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.created.Before(b.created) || a.created.Equal(b.created) && a.arn < b.arn
	})
	return all
}

// now is the status, once the time for a confirmation is over too.
func (d *destination) now() Status {
	if d.status == InProgress && time.Since(d.sent) > tokenLife {
		d.status, d.updated = Failed, d.sent.Add(tokenLife)
		d.reason = "Confirmation timed out: the token of the message sent on " + stamp(d.sent) + " has expired."
	}
	return d.status
}

// stamp is a time as AWS writes it in reasons.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

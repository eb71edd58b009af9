package shadow

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"sort"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits: https://docs.aws.amazon.com/general/latest/gr/iot-core.html#device-shadow-limits
// and, on the number of all shadows here, our own.
const (
	maxDocument = 8 << 10
	maxDepth    = 8
	maxToken    = 64
	maxShadows  = 100_000
)

var (
	thingName  = regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,128}$`)
	shadowName = regexp.MustCompile(`^[$a-zA-Z0-9:_-]{1,64}$`)
)

type key struct{ thing, name string }

// sections are desired and reported, of a state or of its metadata.
type sections map[string]map[string]any

type shadow struct {
	state, metadata sections
	version         int64
	exists          bool
	deleted         time.Time
}

// versionLife is how long the version of a deleted shadow is remembered.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-data-flow.html
const versionLife = 48 * time.Hour

// Store keeps the shadows of all things. The zero value is empty; it is safe for
// concurrent use. The name of a classic shadow is empty.
type Store struct {
	mu      sync.Mutex
	shadows map[key]*shadow
}

// document is a shadow or a part of it on the wire.
type document struct {
	State       map[string]any `json:"state,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`
	Version     int64          `json:"version"`
	Timestamp   int64          `json:"timestamp"`
	ClientToken string         `json:"clientToken,omitempty"`
}

// half is a shadow before or after an update.
type half struct {
	State    map[string]any `json:"state"`
	Metadata map[string]any `json:"metadata"`
	Version  int64          `json:"version"`
}

// Change is an update that was made: the answer to it and what is published.
type Change struct {
	Accepted         []byte
	delta, documents []byte // delta is nil where desired and reported agree
}

// Get answers a shadow's document.
func (s *Store) Get(thing, name string) ([]byte, error) { return s.get(thing, name, "") }

func (s *Store) get(thing, name, token string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(thing, name)
	if err != nil {
		return nil, err
	}
	both := h.half()
	if delta, stamped := difference(h.state["desired"], h.state["reported"], h.metadata["desired"]); len(delta) > 0 {
		both.State["delta"], both.Metadata["delta"] = delta, stamped
	}
	return json.Marshal(document{both.State, both.Metadata, h.version, time.Now().Unix(), token})
}

// half is what is in desired and reported.
func (h *shadow) half() half {
	out := half{map[string]any{}, map[string]any{}, h.version}
	for _, part := range []string{"desired", "reported"} {
		if len(h.state[part]) > 0 {
			out.State[part], out.Metadata[part] = h.state[part], h.metadata[part]
		}
	}
	return out
}

// Update merges a request into a shadow, which it creates.
func (s *Store) Update(thing, name string, payload []byte) (*Change, error) {
	if err := checkNames(thing, name); err != nil {
		return nil, err
	}
	in, err := parse(payload)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.before(key{thing, name})
	if err != nil {
		return nil, err
	}
	if in.Version != nil && (!old.exists || *in.Version != old.version) {
		return nil, wire.Errorf("ConflictException", 409, "Version conflict")
	}
	now := time.Now().Unix()
	next, accepted := old.apply(in, now)
	if text, err := json.Marshal(next.state); err != nil || len(text) > maxDocument {
		return nil, wire.Errorf("RequestEntityTooLargeException", 413, "The payload exceeds the maximum size allowed")
	}
	change, err := newChange(old, next, accepted, now)
	if err != nil {
		return nil, err
	}
	if s.shadows == nil {
		s.shadows = map[key]*shadow{}
	}
	s.shadows[key{thing, name}] = next
	return change, nil
}

// before is a shadow as an update finds it; one that does not exist is empty.
func (s *Store) before(k key) (*shadow, error) {
	old := s.shadows[k]
	switch {
	case old == nil && len(s.shadows) >= maxShadows && !s.forget():
		return nil, wire.Errorf("ServiceUnavailableException", 503, "there are %d shadows, the most Shakedown keeps", maxShadows)
	case old == nil, !old.exists && time.Since(old.deleted) > versionLife:
		return &shadow{}, nil
	}
	return old, nil
}

// forget makes room: versions of deleted shadows that are remembered no more go. It
// reports whether there is room.
func (s *Store) forget() bool {
	maps.DeleteFunc(s.shadows, func(_ key, h *shadow) bool { return !h.exists && time.Since(h.deleted) > versionLife })
	return len(s.shadows) < maxShadows
}

// apply makes the shadow that a request makes of h, and the answer.
func (h *shadow) apply(in *request, now int64) (*shadow, document) {
	next := &shadow{state: clone(h.state), metadata: clone(h.metadata), version: h.version + 1, exists: true}
	accepted := document{map[string]any{}, map[string]any{}, next.version, now, in.ClientToken}
	for part, update := range in.State {
		if accepted.State[part] = update; update == nil {
			next.state[part], next.metadata[part] = map[string]any{}, map[string]any{}
			accepted.State[part] = nil
			continue
		}
		merge(next.state[part], next.metadata[part], update, now)
		accepted.Metadata[part] = stamps(update, now)
	}
	return next, accepted
}

func newChange(old, next *shadow, accepted document, now int64) (*Change, error) {
	var c Change
	var err, err2 error
	c.Accepted, err = json.Marshal(accepted)
	c.documents, err2 = json.Marshal(struct {
		Previous    half   `json:"previous"`
		Current     half   `json:"current"`
		Timestamp   int64  `json:"timestamp"`
		ClientToken string `json:"clientToken,omitempty"`
	}{old.half(), next.half(), now, accepted.ClientToken})
	if err = errors.Join(err, err2); err != nil {
		return nil, err
	}
	if delta, stamped := difference(next.state["desired"], next.state["reported"], next.metadata["desired"]); len(delta) > 0 {
		c.delta, err = json.Marshal(document{delta, stamped, next.version, now, accepted.ClientToken})
	}
	return &c, err
}

// Delete deletes a shadow and answers its version.
func (s *Store) Delete(thing, name string) ([]byte, error) { return s.remove(thing, name, "") }

func (s *Store) remove(thing, name, token string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(thing, name)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	s.shadows[key{thing, name}] = &shadow{version: h.version + 1, deleted: now}
	return json.Marshal(document{Version: h.version, Timestamp: now.Unix(), ClientToken: token})
}

// Names are the names of a thing's named shadows, in order.
func (s *Store) Names(thing string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := []string{}
	for k, h := range s.shadows {
		if k.thing == thing && k.name != "" && h.exists {
			names = append(names, k.name)
		}
	}
	sort.Strings(names)
	return names
}

func (s *Store) find(thing, name string) (*shadow, error) {
	if err := checkNames(thing, name); err != nil {
		return nil, err
	}
	h := s.shadows[key{thing, name}]
	if h == nil || !h.exists {
		if name == "" {
			name = thing
		} else {
			name = thing + "~" + name
		}
		return nil, wire.Errorf("ResourceNotFoundException", 404, "No shadow exists with name: '%s'", name)
	}
	return h, nil
}

func checkNames(thing, name string) error {
	if !thingName.MatchString(thing) {
		return invalid("thing name %q must match %s", thing, thingName)
	}
	if name != "" && !shadowName.MatchString(name) {
		return invalid("shadow name %q must match %s", name, shadowName)
	}
	return nil
}

// clone copies sections deeply, so that a refused update leaves nothing behind.
func clone(from sections) sections {
	to := sections{}
	for _, part := range []string{"desired", "reported"} {
		copied, _ := copyOf(from[part]).(map[string]any)
		to[part] = copied
	}
	return to
}

// copyOf copies objects; arrays are never changed.
func copyOf(value any) any {
	m, ok := value.(map[string]any)
	if !ok {
		return value
	}
	c := make(map[string]any, len(m))
	for k, v := range m {
		c[k] = copyOf(v)
	}
	return c
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}

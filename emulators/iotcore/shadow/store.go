package shadow

import (
	"bytes"
	"encoding/json"
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
}

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

type request struct {
	State       map[string]map[string]any `json:"state"`
	Version     *int64                    `json:"version"`
	ClientToken string                    `json:"clientToken"`
}

// Get answers a shadow's document.
func (s *Store) Get(thing, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(thing, name)
	if err != nil {
		return nil, err
	}
	d := document{State: map[string]any{}, Metadata: map[string]any{}, Version: h.version, Timestamp: time.Now().Unix()}
	for _, part := range []string{"desired", "reported"} {
		if len(h.state[part]) > 0 {
			d.State[part], d.Metadata[part] = h.state[part], h.metadata[part]
		}
	}
	if delta, stamped := difference(h.state["desired"], h.state["reported"], h.metadata["desired"]); len(delta) > 0 {
		d.State["delta"], d.Metadata["delta"] = delta, stamped
	}
	return json.Marshal(d)
}

// Update merges a request into a shadow, which it creates, and answers what the
// request changed.
func (s *Store) Update(thing, name string, payload []byte) ([]byte, error) {
	if err := checkNames(thing, name); err != nil {
		return nil, err
	}
	in, err := parse(payload)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.shadows[key{thing, name}]
	if old == nil {
		if len(s.shadows) >= maxShadows {
			return nil, wire.Errorf("ServiceUnavailableException", 503, "there are %d shadows, the most Shakedown keeps", maxShadows)
		}
		old = &shadow{}
	}
	if in.Version != nil && (!old.exists || *in.Version != old.version) {
		return nil, wire.Errorf("ConflictException", 409, "Version conflict")
	}
	now := time.Now().Unix()
	next := &shadow{state: clone(old.state), metadata: clone(old.metadata), version: old.version + 1, exists: true}
	changed := map[string]any{}
	for part, update := range in.State {
		if update == nil {
			next.state[part], next.metadata[part] = map[string]any{}, map[string]any{}
			continue
		}
		merge(next.state[part], next.metadata[part], update, now)
		changed[part] = stamps(update, now)
	}
	if text, err := json.Marshal(next.state); err != nil || len(text) > maxDocument {
		return nil, wire.Errorf("RequestEntityTooLargeException", 413, "The shadow document would exceed %d bytes", maxDocument)
	}
	if s.shadows == nil {
		s.shadows = map[key]*shadow{}
	}
	s.shadows[key{thing, name}] = next
	state := map[string]any{}
	for part, update := range in.State {
		state[part] = update
	}
	return json.Marshal(document{State: state, Metadata: changed, Version: next.version, Timestamp: now, ClientToken: in.ClientToken})
}

// Delete deletes a shadow and answers its version.
func (s *Store) Delete(thing, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.find(thing, name)
	if err != nil {
		return nil, err
	}
	s.shadows[key{thing, name}] = &shadow{version: h.version + 1}
	return json.Marshal(document{Version: h.version, Timestamp: time.Now().Unix()})
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

// parse reads and checks an update.
func parse(payload []byte) (*request, error) {
	if len(payload) > maxDocument {
		return nil, wire.Errorf("RequestEntityTooLargeException", 413, "The payload exceeds the maximum size of %d bytes", maxDocument)
	}
	var in request
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(&in); err != nil || decoder.More() {
		return nil, invalid("Payload contains invalid json: it must be an object of state, version and clientToken")
	}
	if in.State == nil {
		return nil, invalid("Missing required node: state")
	}
	if len(in.ClientToken) > maxToken {
		return nil, invalid("clientToken has more than %d bytes", maxToken)
	}
	for part, update := range in.State {
		if part != "desired" && part != "reported" {
			return nil, invalid("State contains an invalid node: '%s'", part)
		}
		if depth(update) > maxDepth {
			return nil, invalid("JSON contains too many levels of nesting; maximum is %d", maxDepth)
		}
	}
	return &in, nil
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

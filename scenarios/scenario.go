package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Scenario says what to run. It is read from YAML; unknown keys are errors with
// line and column.
type Scenario struct {
	// Name names the run's folder and report.
	Name string `yaml:"name" json:"name"`
	// Description is shown at the top of the report.
	Description string `yaml:"description,omitempty" json:"description,omitempty"`
	// Seed decides everything random.
	Seed uint64 `yaml:"seed,omitempty" json:"seed,omitempty"`
	// Clock is real or virtual; real when empty.
	Clock Clock `yaml:"clock,omitempty" json:"clock,omitempty"`
	// Transport carries devices' connections: memory, or tcp with the real clock;
	// memory when empty.
	Transport Transport `yaml:"transport,omitempty" json:"transport,omitempty"`
	// Start is the virtual clock's start, RFC 3339; 2026-01-01T00:00:00Z when empty.
	Start string `yaml:"start,omitempty" json:"start,omitempty"`
	// Duration is how long the fleet reports.
	Duration time.Duration `yaml:"duration" json:"duration"`
	// Drain bounds how long the pipeline may take to finish afterwards; 30 s when zero.
	Drain    time.Duration `yaml:"drain,omitempty" json:"drain,omitempty"`
	Pipeline Pipeline      `yaml:"pipeline,omitempty" json:"pipeline,omitempty"`
	Fleet    []Group       `yaml:"fleet" json:"fleet"`
	// External are places for devices that are not simulated.
	External []External     `yaml:"external,omitempty" json:"external,omitempty"`
	Faults   []fault.Fault  `yaml:"faults,omitempty" json:"faults,omitempty"`
	Commands []CommandOrder `yaml:"commands,omitempty" json:"commands,omitempty"`
	// Limits says whether IoT Core and Kinesis apply AWS's quotas of rates; observe
	// when empty. The report says what AWS would have said either way.
	Limits Limits `yaml:"limits,omitempty" json:"limits,omitempty"`
	// Warmup is left out of latencies and rates, from the fleet's start; never out
	// of fates.
	Warmup time.Duration `yaml:"warmup,omitempty" json:"warmup,omitempty"`
	// Expect are comparisons such as "p99(store) < 2s": see scenarios/expect.
	Expect []string `yaml:"expect,omitempty" json:"expect,omitempty"`
}

// Clock says which time a scenario runs in.
type Clock string

// The clocks. See DESIGN.md §3.
const (
	RealClock    Clock = "real"
	VirtualClock Clock = "virtual"
)

// Limits says what the emulators do about AWS's quotas of rates.
type Limits string

// The two ways: Observe tells in the report what AWS would have said; Enforce
// discards, delays and throttles as AWS does.
const (
	Observe Limits = "observe"
	Enforce Limits = "enforce"
)

// Variant says which pipeline a scenario deploys.
type Variant string

// The variants: the one that loses nothing, and the source document's own.
const (
	DefaultPipeline   Variant = "default"
	PublishedPipeline Variant = "as-published"
)

// Pipeline is how the pipeline is deployed.
type Pipeline struct {
	Variant Variant `yaml:"variant,omitempty" json:"variant,omitempty"`
	// Silence is how long a device may be silent before it counts as offline; 10 min when zero.
	Silence time.Duration `yaml:"silence,omitempty" json:"silence,omitempty"`
	// Sweep is how often the offline detector runs; 1 min when zero. EventBridge
	// Scheduler cannot go below a minute: the simulator then drives the sweep.
	Sweep time.Duration `yaml:"sweep,omitempty" json:"sweep,omitempty"`
	// Poll is how often a function reads a shard that it has read to its end; 1 s
	// when zero, as AWS Lambda does.
	Poll time.Duration `yaml:"poll,omitempty" json:"poll,omitempty"`
	// Shards is the stream's number of shards; 2 when zero.
	Shards int `yaml:"shards,omitempty" json:"shards,omitempty"`
}

// Group is a part of the fleet with one firmware configuration.
type Group struct {
	// Name is the prefix of the thing names: name-00001 and so on.
	Name  string `yaml:"name" json:"name"`
	Count int    `yaml:"count" json:"count"`
	// Interval is the time between two readings; 60 s when zero, as in the source.
	Interval time.Duration `yaml:"interval,omitempty" json:"interval,omitempty"`
	// KeepAlive is the MQTT keep-alive; 60 s when zero.
	KeepAlive time.Duration `yaml:"keepalive,omitempty" json:"keepalive,omitempty"`
	// Rate bounds the messages that a device sends in a second; 80 when zero, under
	// the 100 that AWS takes of a connection.
	Rate int `yaml:"rate,omitempty" json:"rate,omitempty"`
	// Ramp is the time over which the group connects; at once when zero.
	Ramp time.Duration `yaml:"ramp,omitempty" json:"ramp,omitempty"`
	// Profile is how it does: linear, steps, spike, diurnal or burst; linear when empty.
	Profile sim.Profile `yaml:"profile,omitempty" json:"profile,omitempty"`
	// Load is how the rate of readings goes up and down; constant when it has no peak.
	// Its period is the duration when zero.
	Load sim.Load `yaml:"load,omitempty" json:"load,omitzero"`
	// Churn lets devices leave and come back.
	Churn sim.Churn `yaml:"churn,omitempty" json:"churn,omitzero"`
	// Attributes are thing attributes of the whole group, such as its site. Those that
	// the simulator makes up (site, model, serial) fill the room that is left of the
	// three which AWS IoT allows.
	Attributes map[string]string `yaml:"attributes,omitempty" json:"attributes,omitempty"`
	// Signals are the metrics by name; the source's four when empty.
	Signals map[string]sensor.Spec `yaml:"signals,omitempty" json:"signals,omitempty"`
	// Only changes the signals of single devices, by thing name.
	Only map[string]map[string]sensor.Spec `yaml:"only,omitempty" json:"only,omitempty"`
}

// CommandOrder is a command sent from the cloud to one device.
type CommandOrder struct {
	At       time.Duration `yaml:"at" json:"at"`
	Thing    string        `yaml:"thing" json:"thing"`
	Action   string        `yaml:"action" json:"action"`
	Interval time.Duration `yaml:"interval,omitempty" json:"interval,omitempty"`
}

// maxScenario bounds a scenario file, in bytes.
const maxScenario = 1 << 20

// Load reads and validates a scenario file.
func Load(path string) (*Scenario, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open scenario: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxScenario+1))
	if err != nil {
		return nil, fmt.Errorf("read scenario %s: %w", path, err)
	}
	if len(text) > maxScenario {
		return nil, fmt.Errorf("scenario %s is larger than %d bytes", path, maxScenario)
	}
	s, err := parse(text, os.DirFS(filepath.Dir(path)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Name == "" {
		s.Name = nameOf(path)
	}
	return s, nil
}

// nameOf is the name of a scenario whose file gives it none: the file's, as far as a
// name may be so. A replay reads it back, and would refuse another.
func nameOf(path string) string {
	name := strings.ToLower(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	name = strings.Trim(noName.ReplaceAllString(name, "-"), "-")
	if name == "" {
		return "scenario"
	}
	return strings.TrimRight(name[:min(len(name), maxName)], "-")
}

// noName are the characters that a name may not have.
var noName = regexp.MustCompile(`[^a-z0-9]+`)

// Parse reads and validates a scenario. Errors of form carry line and column.
// Recordings that signals replay must be part of it: only Load knows a folder.
func Parse(text []byte) (*Scenario, error) { return parse(text, nil) }

// maxText bounds the text of a scenario, in bytes.
const maxText = 1 << 20

// read reads the form. The reader of YAML panics on some texts that are none.
func (s *Scenario) read(text []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the scenario is not YAML that can be read: look for a tag (!) or a flow sequence that is not closed")
		}
	}()
	if len(text) > maxText {
		return fmt.Errorf("the scenario has %d bytes, more than %d", len(text), maxText)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return errors.New("the scenario is empty")
	}
	if err := yaml.UnmarshalWithOptions(text, s, yaml.Strict()); err != nil {
		return errors.New(located(text, strings.TrimSpace(yaml.FormatError(err, false, true))))
	}
	return alone(text)
}

// alone refuses a second document, which the YAML library does not read.
func alone(text []byte) error {
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) < 2 {
		return err
	}
	for _, second := range file.Docs[1:] {
		if second.Body != nil && second.Body.GetToken() != nil {
			at := second.Body.GetToken().Position
			return fmt.Errorf("[%d:%d] a second document: a file holds one scenario", at.Line, at.Column)
		}
	}
	return nil
}

// byteOrderMark is what some editors put before a text in UTF-8.
const byteOrderMark = "\ufeff"

// parse is Parse with the folder of the recordings.
func parse(text []byte, files fs.FS) (*Scenario, error) {
	var s Scenario
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if err := s.read(text); err != nil {
		return nil, err
	}
	s.SetDefaults()
	if err := s.checkExpect(place(text)); err != nil {
		return nil, err
	}
	if files != nil {
		if err := s.loadRecordings(files); err != nil {
			return nil, err
		}
	}
	if err := s.Validate(); err != nil {
		return nil, positioned(text, err)
	}
	return &s, nil
}

var (
	quotedDuration = regexp.MustCompile(`(?:invalid|in) duration "([^"]*)"`)
	quotedShare    = regexp.MustCompile(`^"([^"]*)" is not a share`)
	wrongType      = regexp.MustCompile(`cannot unmarshal \S+ into Go (?:struct field \S+|value) of type (\S+)(?: \( overflow \))?`)
)

// wanted are the types of values in a scenario, without Go's names.
var wanted = map[string]string{
	"int": "a whole number", "uint64": "a whole number that is not negative", "float64": "a number",
	"bool": "true or false", "string": "a text", "time.Duration": "a duration such as 250ms, 20s or 24h",
}

// located puts line and column before an error about a duration or a share, which
// the YAML library reports without: those of the value that it names. A value of
// another type than its key has is told in the scenario's words.
func located(text []byte, message string) string {
	if value := quotedDuration.FindStringSubmatch(message); value != nil {
		return at(text, value[1]) + fmt.Sprintf("%q is not a duration such as 250ms, 20s or 24h", value[1])
	}
	if value := quotedShare.FindStringSubmatch(message); value != nil {
		return at(text, value[1]) + message
	}
	if of := wrongType.FindStringSubmatch(message); of != nil && wanted[of[1]] != "" {
		return strings.Replace(message, of[0], "this must be "+wanted[of[1]], 1)
	}
	return message
}

// at is the position of the first value that reads so, and a space.
func at(text []byte, value string) string {
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Value == value {
			return fmt.Sprintf("[%d:%d] ", t.Position.Line, t.Position.Column)
		}
	}
	return ""
}

// loadRecordings reads the files that signals replay into the scenario.
func (s *Scenario) loadRecordings(files fs.FS) error {
	for i, g := range s.Fleet {
		suites := []map[string]sensor.Spec{g.Signals}
		for _, thing := range slices.Sorted(maps.Keys(g.Only)) {
			suites = append(suites, g.Only[thing])
		}
		for _, signals := range suites {
			for name, spec := range signals {
				if spec.Replay == nil {
					continue
				}
				if err := spec.Replay.Load(files); err != nil {
					return fmt.Errorf("fleet[%d].%s: %w", i, name, err)
				}
			}
		}
	}
	return nil
}

// SetDefaults fills in what a scenario file may leave out; Load and Parse have done it.
func (s *Scenario) SetDefaults() {
	orDefault(&s.Clock, RealClock)
	orDefault(&s.Transport, MemoryTransport)
	orDefault(&s.Start, "2026-01-01T00:00:00Z")
	orDefault(&s.Drain, 30*time.Second)
	orDefault(&s.Limits, Observe)
	orDefault(&s.Pipeline.Variant, DefaultPipeline)
	orDefault(&s.Pipeline.Silence, 10*time.Minute)
	orDefault(&s.Pipeline.Sweep, time.Minute)
	orDefault(&s.Pipeline.Poll, time.Second)
	orDefault(&s.Pipeline.Shards, 2)
	for i := range s.Fleet {
		orDefault(&s.Fleet[i].Interval, time.Minute)
		orDefault(&s.Fleet[i].KeepAlive, time.Minute)
		if s.Fleet[i].Load.Peak != 0 {
			orDefault(&s.Fleet[i].Load.Period, s.Duration)
		}
	}
	for i := range s.External {
		orDefault(&s.External[i].Interval, time.Minute)
		orDefault(&s.External[i].Readings, 1)
	}
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// StartTime is the virtual clock's start.
func (s *Scenario) StartTime() (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s.Start)
	if err != nil {
		return t, fmt.Errorf("start %q is not an RFC 3339 time such as 2026-01-01T00:00:00Z", s.Start)
	}
	if t.Before(time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)) {
		return t, fmt.Errorf("start %q is before 2000-01-02, where virtual time begins", s.Start)
	}
	return t, nil
}

// Devices is the number of devices in the fleet, those that are not simulated
// included.
func (s *Scenario) Devices() int {
	n := len(s.External)
	for _, g := range s.Fleet {
		n += g.Count
	}
	return n
}

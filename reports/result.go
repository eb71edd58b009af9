package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Schema names the version of the JSON form of a Result.
const Schema = "shakedown/result/v1"

// Result is the outcome of one run. Its JSON Schema is made from it: see ResultSchema.
type Result struct {
	Schema   string `json:"schema"`
	Scenario string `json:"scenario"`
	// Description is the scenario's own.
	Description string `json:"description,omitempty"`
	// Source is the scenario as it was written, for the report's last page.
	Source string `json:"source,omitempty"`
	Seed   uint64 `json:"seed"`
	Clock  string `json:"clock"`
	// Started is when the fleet started, in the run's own clock.
	Started time.Time `json:"started"`
	// Duration is the length of the run in its own clock; Took is real time.
	Duration time.Duration     `json:"duration_ns"`
	Took     time.Duration     `json:"took_ns"`
	Versions map[string]string `json:"versions"`
	Devices  int               `json:"devices"`
	// Hash covers faults and fates: equal runs have equal hashes.
	Hash string `json:"hash"`
	// Interrupted says that the run was cut short.
	Interrupted bool      `json:"interrupted,omitempty"`
	Sinks       []Sink    `json:"sinks"`
	Alerts      Alerts    `json:"alerts"`
	Offline     []Offline `json:"offline"`
	// OfflineTruth judges the offline detector by what the devices really were.
	OfflineTruth *OfflineTruth `json:"offline_truth,omitempty"`
	Commands     []Command     `json:"commands"`
	// External are the devices that were not simulated.
	External  []External `json:"external,omitempty"`
	Faults    []Fault    `json:"faults"`
	Latencies []Latency  `json:"latencies"`
	// Rates are messages a second that reached each stage, from the end of the Warmup
	// until the readings end. Latencies are of what was sampled after the Warmup.
	Rates  []Rate        `json:"rates"`
	Warmup time.Duration `json:"warmup_ns,omitempty"`
	// Expectations are those of the scenario; one that is not met is a failure, too.
	Expectations []Expectation `json:"expectations"`
	// Quotas is what AWS would have said, and the bill.
	Quotas   *Quotas   `json:"quotas,omitempty"`
	Series   Series    `json:"series"`
	Messages []Example `json:"examples"`
	Slowest  []Slowest `json:"slowest"`
	// Load is how well the simulator kept to its schedule; nil in older results.
	Load     *Load      `json:"load,omitempty"`
	Failures []string   `json:"failures"`
	Findings []string   `json:"findings,omitempty"`
	Folder   string     `json:"folder,omitempty"`
	Counts   Throughput `json:"counts"`
	// Costs are processor time and memory by part of the program.
	Costs []Cost `json:"costs,omitempty"`
	// Environment is the machine that the run was made on.
	Environment Environment `json:"environment,omitzero"`
}

// Environment is a machine, as far as it tells.
type Environment struct {
	Processor string `json:"processor,omitempty"`
	// CPUs is how many the machine has, Procs how many the run used at once.
	CPUs  int `json:"cpus"`
	Procs int `json:"procs"`
	// Memory is the machine's, in bytes.
	Memory int64 `json:"memory_bytes,omitempty"`
	// Relays is how many processes held the sockets of a fleet that this one may not
	// open; their processor time is not in the costs.
	Relays int `json:"relays,omitempty"`
}

// Passed tells whether nothing failed.
func (r *Result) Passed() bool { return len(r.Failures) == 0 && !r.Interrupted }

// Throughput counts the messages on their way.
type Throughput struct {
	Sampled  int `json:"sampled"`
	Sent     int `json:"sent"`
	Accepted int `json:"accepted"`
	Acked    int `json:"acked"`
}

// Sink says what became of the messages in one place.
type Sink struct {
	Name     string `json:"name"`
	Expected int    `json:"expected"`
	// Fates are counts in the order of Order.
	Fates map[string]int `json:"fates"`
	Order []string       `json:"order"`
}

// Alerts compares the alerts that readings had to cause with those sent.
type Alerts struct {
	Expected int     `json:"expected"`
	Sent     int     `json:"sent"`
	List     []Alert `json:"list"`
}

// Alert is one alert: sent, missing, or sent without a reading that asked for it.
type Alert struct {
	At       time.Time `json:"at"`
	Thing    string    `json:"thing"`
	Kind     string    `json:"kind"`
	Severity string    `json:"severity"`
	Verdict  string    `json:"verdict"`
}

// Offline is one silence of a device and what the detector made of it.
type Offline struct {
	Thing   string    `json:"thing"`
	Silent  time.Time `json:"silent_since"`
	Found   time.Time `json:"found,omitzero"`
	Verdict string    `json:"verdict"`
}

// Command is one command from the cloud to a device.
type Command struct {
	Thing    string    `json:"thing"`
	Action   string    `json:"action"`
	Sent     time.Time `json:"sent"`
	Received time.Time `json:"received,omitzero"`
	Acted    time.Time `json:"acted,omitzero"`
	Error    string    `json:"error,omitempty"`
	// Befallen tells that a fault of the schedule befell the device, so that the
	// command may rightly not have got there.
	Befallen bool `json:"befallen,omitempty"`
}

// Fault is a fault that was injected. For is zero where it lasted to the end.
type Fault struct {
	At     time.Time     `json:"at"`
	For    time.Duration `json:"for_ns,omitempty"`
	Kind   string        `json:"kind"`
	Target string        `json:"target"`
	// Rate is the share of calls or messages that it hit; 0 is all.
	Rate float64 `json:"rate,omitempty"`
	// Things is how many devices it befell, Hits how often it did something to
	// calls, reads or invocations; Index is its place in the schedule.
	Things int `json:"things,omitempty"`
	Hits   int `json:"hits,omitempty"`
	Index  int `json:"index"`
}

// Latency is the distribution of the time from the sample to a stage.
type Latency struct {
	Stage string        `json:"stage"`
	Count int64         `json:"count"`
	P50   time.Duration `json:"p50_ns"`
	P90   time.Duration `json:"p90_ns"`
	P99   time.Duration `json:"p99_ns"`
	Max   time.Duration `json:"max_ns"`
}

// Series are values over the run's time, one per bucket of Step.
type Series struct {
	Step      time.Duration `json:"step_ns"`
	Sent      []float64     `json:"sent_per_s"`
	Stored    []float64     `json:"stored_per_s"`
	P50       []float64     `json:"p50_ms"`
	P90       []float64     `json:"p90_ms"`
	P99       []float64     `json:"p99_ms"`
	Connected []float64     `json:"connected"`
	// After is how many messages were stored after the fleet's end, in no bucket.
	After int `json:"stored_after,omitempty"`
}

// Example is one message whose fate is worth a look.
type Example struct {
	Message string `json:"message"`
	Sink    string `json:"sink"`
	Fate    string `json:"fate"`
	Reason  string `json:"reason,omitempty"`
}

// Slowest is one of the messages that took longest to store.
type Slowest struct {
	Message string        `json:"message"`
	Latency time.Duration `json:"latency_ns"`
	Hops    []Hop         `json:"hops,omitempty"`
}

// Hop is an instant on a message's way, by the time since its first one.
type Hop struct {
	After time.Duration `json:"after_ns"`
	Text  string        `json:"text"`
}

// Write writes the result as JSON.
func (r *Result) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// maxResult bounds a result file, in bytes.
const maxResult = 256 << 20

// Read reads a result written by Write.
func Read(src io.Reader) (*Result, error) {
	var r Result
	if err := json.NewDecoder(io.LimitReader(src, maxResult)).Decode(&r); err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("read result: schema %q is not %s: the run was made by another version", r.Schema, Schema)
	}
	return &r, nil
}

package reports

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// OfflineTruth compares the offline detector with what the devices really were,
// which only the simulator knows, and says what another threshold would have done.
type OfflineTruth struct {
	// Silence and Sweep are the run's.
	Silence time.Duration `json:"silence_ns"`
	Sweep   time.Duration `json:"sweep_ns"`
	// Outages is how often a device was really out: Found by the detector, Missed by
	// it, and the rest too Brief for it.
	Outages int `json:"outages"`
	Found   int `json:"found"`
	Missed  int `json:"missed"`
	Brief   int `json:"brief"`
	// False is how often it called a device offline that was up, or on its way back
	// without having been out.
	False int `json:"false"`
	// Causes tell these apart; those of false verdicts are what the device was.
	Causes []OfflineCause `json:"causes"`
	// Cases are the missed and the false ones, as far as there is room.
	Cases []OfflineCase `json:"cases,omitempty"`
	// Thresholds are what other silences would have done, in order.
	Thresholds []OfflineThreshold `json:"thresholds"`
	// Recommended is the smallest silence that is safe for this run, zero where no
	// value is; Longest is the silence that asks for it.
	Recommended time.Duration   `json:"recommended_ns,omitempty"`
	Longest     *OfflineSilence `json:"longest,omitempty"`
	// Disagree are devices whose stored status is not what they were at the end.
	Disagree []string `json:"disagree,omitempty"`
}

// OfflineCause is the outages of one cause.
type OfflineCause struct {
	Cause   string `json:"cause"`
	Outages int    `json:"outages"`
	Found   int    `json:"found"`
	Missed  int    `json:"missed"`
	Brief   int    `json:"brief"`
	False   int    `json:"false"`
	// FromOutage is the delay from the beginning of the real outage to the verdict,
	// FromSign that from the last sign of life.
	FromOutage Delays `json:"from_outage"`
	FromSign   Delays `json:"from_sign"`
}

// Delays are the percentiles of detection delays; all zero where there are none.
type Delays struct {
	P50 time.Duration `json:"p50_ns"`
	P90 time.Duration `json:"p90_ns"`
	P99 time.Duration `json:"p99_ns"`
	Max time.Duration `json:"max_ns"`
}

// DelaysOf are the percentiles of a list, by nearest rank.
func DelaysOf(list []time.Duration) Delays {
	if len(list) == 0 {
		return Delays{}
	}
	list = append([]time.Duration(nil), list...)
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	rank := func(percent int) time.Duration { return list[(len(list)*percent+99)/100-1] }
	return Delays{rank(50), rank(90), rank(99), rank(100)}
}

// OfflineCase is an outage that was missed, or a false verdict.
type OfflineCase struct {
	Thing   string `json:"thing"`
	Verdict string `json:"verdict"`
	Cause   string `json:"cause"`
	// From and To bound the outage, or the verdict where it is false; LastSign is
	// when the cloud had last heard of the device.
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	LastSign time.Time `json:"last_sign,omitzero"`
}

// OfflineThreshold is what a detector with another silence would have found.
type OfflineThreshold struct {
	Silence time.Duration `json:"silence_ns"`
	Found   int           `json:"found"`
	Missed  int           `json:"missed"`
	Brief   int           `json:"brief"`
	False   int           `json:"false"`
	// Delay is from the beginning of the real outage.
	Delay Delays `json:"delay"`
}

// OfflineSilence is a silence of a device that was up.
type OfflineSilence struct {
	Thing string        `json:"thing"`
	At    time.Time     `json:"at"`
	For   time.Duration `json:"for_ns"`
	// State is what the device was at its end.
	State string `json:"state"`
}

// Advice is the recommendation with its reason, in words; empty where there is
// nothing to go by.
func (t *OfflineTruth) Advice() string {
	if t.Longest == nil {
		return ""
	}
	reason := fmt.Sprintf("longest silence of a device that was up: %s (%s at %s, %s)",
		round(t.Longest.For), Clean(t.Longest.Thing), t.Longest.At.UTC().Format("15:04:05"), Clean(t.Longest.State))
	if t.Recommended == 0 {
		return "no silence is safe for this run; " + reason
	}
	return fmt.Sprintf("recommended silence %s (this run has %s); %s", round(t.Recommended), round(t.Silence), reason)
}

// round words a duration as people write it: 4m12s, 1h30m, 2.5s, 90ms.
func round(d time.Duration) string {
	if d < time.Second {
		return short(d)
	}
	step := time.Second
	if d < 10*time.Second { // 2.5 s and 3 s are two rows of a table
		step /= 10
	}
	text := d.Round(step).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Telling are the thresholds worth a line: the run's own, the recommended one, and
// those where something changes.
func (t *OfflineTruth) Telling() []OfflineThreshold {
	var list []OfflineThreshold
	for i, x := range t.Thresholds {
		own := x.Silence == t.Silence || x.Silence == t.Recommended
		if i == 0 || own || x.counts() != t.Thresholds[i-1].counts() {
			list = append(list, x)
		}
	}
	return list
}

func (x OfflineThreshold) counts() [4]int { return [4]int{x.Found, x.Missed, x.Brief, x.False} }

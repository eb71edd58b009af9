package fault

import (
	"errors"
	"fmt"
	"math"
	"path"
	"sort"
	"strconv"
	"strings"
)

// Target says whom a fault befalls. Kinds on links and devices choose things: by
// name, group and attributes, of those a share. Kinds on services, streams and
// functions name those.
type Target struct {
	// Thing is a thing name; * and ? match as in a shell.
	Thing string `yaml:"thing,omitempty" json:"thing,omitempty"`
	// Group is the name of a group of the fleet.
	Group string `yaml:"group,omitempty" json:"group,omitempty"`
	// Attribute holds values of thing attributes, which must all be equal.
	Attribute map[string]string `yaml:"attribute,omitempty" json:"attribute,omitempty"`
	// Share is the part of those things that is hit, drawn by the seed: 10%.
	Share Share `yaml:"share,omitempty" json:"share,omitempty"`
	// Service is an AWS service: one of Services.
	Service string `yaml:"service,omitempty" json:"service,omitempty"`
	// Operation is one of its operations, such as PutRecord; all when empty.
	Operation string `yaml:"operation,omitempty" json:"operation,omitempty"`
	// Shard is a shard id of the stream, such as shardId-000000000000.
	Shard string `yaml:"shard,omitempty" json:"shard,omitempty"`
	// Function is a function's name.
	Function string `yaml:"function,omitempty" json:"function,omitempty"`
}

// Candidate is a thing that a target may choose.
type Candidate struct {
	Thing, Group string
	Attributes   map[string]string
}

// Services are those whose calls can fail, by the names of their endpoints; monitoring
// is CloudWatch's metrics.
func Services() []string {
	return []string{"dynamodb", "firehose", "iot-data", "kinesis", "logs", "monitoring", "s3", "sns", "sqs", "timestream"}
}

// String is the target in reports.
func (t Target) String() string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+value)
		}
	}
	if t.Share != 0 {
		parts = append(parts, t.Share.String()+" of")
	}
	add("", t.Thing)
	add("group ", t.Group)
	names := make([]string, 0, len(t.Attribute))
	for name := range t.Attribute {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		parts = append(parts, name+"="+t.Attribute[name])
	}
	if t.Share != 0 && len(parts) == 1 {
		parts = append(parts, "the fleet")
	}
	service := t.Service
	if t.Operation != "" {
		service += " " + t.Operation
	}
	add("", service)
	add("", t.Shard)
	add("function ", t.Function)
	return strings.Join(parts, " ")
}

// validate holds the target to the place where the kind acts.
func (t Target) validate(k Kind) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	things := t.Thing != "" || t.Group != "" || len(t.Attribute) > 0 || t.Share != 0
	place := k.Place()
	refuse := func(name string, given bool, at ...Place) {
		for _, p := range at {
			if p == place {
				return
			}
		}
		if given {
			bad("target.%s: %s acts on the %s and has none", name, k, place)
		}
	}
	refuse("thing, group, attribute or share", things, OnLink, OnDevice)
	refuse("service or operation", t.Service != "" || t.Operation != "", OnService)
	refuse("shard", t.Shard != "", OnStream)
	refuse("function", t.Function != "", OnFunction, OnStream)
	switch {
	case (place == OnLink || place == OnDevice) && !things:
		bad("target: say whom: thing, group, attribute, or share: 100%% for the whole fleet")
	case place == OnService && t.Service == "":
		bad("target.service: is missing; one of %s", strings.Join(Services(), ", "))
	case place == OnFunction && t.Function == "":
		bad("target.function: is missing")
	}
	if t.Service != "" && !contains(Services(), t.Service) {
		bad("target.service: %q is none of %s", t.Service, strings.Join(Services(), ", "))
	}
	if _, err := path.Match(t.Thing, ""); err != nil {
		bad("target.thing: %q is not a pattern", t.Thing)
	}
	return errors.Join(errs...)
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// Select returns the names of the things that the target chooses, sorted. A share
// of them is drawn from the seed and index, the fault's place in its schedule; it
// is at least one thing where there is any.
func (t Target) Select(seed uint64, index int, from []Candidate) []string {
	var names []string
	for _, c := range from {
		if t.matches(c) {
			names = append(names, c.Thing)
		}
	}
	if t.Share != 0 && len(names) > 0 {
		draw := map[string]float64{}
		for _, name := range names {
			draw[name] = Draw(seed, "share", strconv.Itoa(index), name)
		}
		sort.Slice(names, func(i, j int) bool { return draw[names[i]] < draw[names[j]] })
		names = names[:max(1, int(math.Round(float64(t.Share)*float64(len(names)))))]
	}
	sort.Strings(names)
	return names
}

func (t Target) matches(c Candidate) bool {
	if ok, err := path.Match(t.Thing, c.Thing); t.Thing != "" && (err != nil || !ok) {
		return false
	}
	if t.Group != "" && t.Group != c.Group {
		return false
	}
	for name, value := range t.Attribute {
		if c.Attributes[name] != value {
			return false
		}
	}
	return true
}

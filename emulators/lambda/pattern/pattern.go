// Package pattern matches JSON events against the patterns of event filtering:
// every key of a pattern must be in the event, with one of the values that the
// pattern lists.
//
//	{"data": {"temperature": [{"numeric": [">", 40]}], "site": ["hall", {"prefix": "yard-"}]}}
//
// The rules are equality (strings, numbers as they are written: "300, 300.0, and 3.0e2 are
// not considered equal", true, false, null and the empty string), equals-ignore-case, prefix, suffix, anything-but, numeric, exists and
// $or. Others are refused by name.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
package pattern

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Pattern is a compiled pattern; it is read only.
type Pattern struct {
	fields []field
	either [][]*Pattern // each $or
}

// field is what a key must have: a rule, or a pattern of its own.
type field struct {
	name  string
	rules []rule
	below *Pattern
}

// maxDepth bounds how deep patterns nest.
const maxDepth = 32

// Compile reads a pattern. Errors say what is wrong, for people.
func Compile(text []byte) (*Pattern, error) {
	var object map[string]any
	if err := Decode(text, &object); err != nil {
		return nil, fmt.Errorf("a pattern is one JSON object: %w", err)
	}
	return compile(object, 0)
}

// Decode reads JSON for Match: numbers stay as they are written.
func Decode(text []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(to); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("there is more behind it")
	}
	return nil
}

// Plain tells whether a pattern compares the value of a key itself, not what is in it.
func (p *Pattern) Plain(key string) bool {
	if slices.ContainsFunc(p.fields, func(f field) bool { return f.name == key && f.below == nil }) {
		return true
	}
	return slices.ContainsFunc(p.either, func(either []*Pattern) bool {
		return slices.ContainsFunc(either, func(one *Pattern) bool { return one.Plain(key) })
	})
}

func compile(object map[string]any, depth int) (*Pattern, error) {
	if len(object) == 0 {
		return nil, fmt.Errorf("an empty pattern is not allowed")
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("patterns nest at most %d deep", maxDepth)
	}
	p := &Pattern{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := p.add(name, object[name], depth); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Pattern) add(name string, value any, depth int) error {
	if name == "$or" {
		return p.or(value, depth)
	}
	switch v := value.(type) {
	case map[string]any:
		below, err := compile(v, depth+1)
		if err != nil {
			return err
		}
		p.fields = append(p.fields, field{name: name, below: below})
		return nil
	case []any:
		f := field{name: name}
		for _, item := range v {
			r, err := newRule(item)
			if err != nil {
				return fmt.Errorf("%q: %w", name, err)
			}
			f.rules = append(f.rules, r)
		}
		if len(f.rules) == 0 {
			return fmt.Errorf("%q: empty arrays are not allowed", name)
		}
		p.fields = append(p.fields, f)
		return nil
	}
	return fmt.Errorf("%q must be an object or an array", name)
}

func (p *Pattern) or(value any, depth int) error {
	list, ok := value.([]any)
	if !ok || len(list) < 2 {
		return fmt.Errorf("$or is an array of at least two patterns")
	}
	var either []*Pattern
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return fmt.Errorf("$or is an array of patterns")
		}
		one, err := compile(object, depth+1)
		if err != nil {
			return err
		}
		either = append(either, one)
	}
	p.either = append(p.either, either)
	return nil
}

// Match tells whether an event, as Decode reads it, has what the pattern asks for.
func (p *Pattern) Match(event map[string]any) bool {
	for _, f := range p.fields {
		if !f.match(event) {
			return false
		}
	}
	for _, either := range p.either {
		if !slices.ContainsFunc(either, func(one *Pattern) bool { return one.Match(event) }) {
			return false
		}
	}
	return true
}

func (f field) match(event map[string]any) bool {
	value, there := event[f.name]
	if f.below != nil {
		object, _ := value.(map[string]any) // nil has no keys: what must not exist does not
		return f.below.Match(object)
	}
	return slices.ContainsFunc(f.rules, func(r rule) bool { return r.match(value, there) })
}

// match tries a value; of a list one element must match.
func (r rule) match(value any, there bool) bool {
	if r.exists != nil {
		_, object := value.(map[string]any)
		return *r.exists == (there && !object)
	}
	if !there {
		return false
	}
	if list, ok := value.([]any); ok {
		return slices.ContainsFunc(list, r.test)
	}
	return r.test(value)
}

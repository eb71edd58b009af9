package sql

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Message is what a statement sees of one message.
type Message struct {
	Payload []byte
	Topic   string
	// ClientID, Principal, SourceIP and TraceID are the publisher's; functions
	// answer n/a or Undefined off MQTT.
	ClientID, Principal, SourceIP, TraceID string
	Account                                string
	// Time is the rules engine's clock.
	Time time.Time
	MQTT bool
	// UUID makes what newuuid() answers, and rand() is derived of; nil is Undefined.
	UUID func() string
	// Properties are those of MQTT 5; nil without.
	Properties *Properties
	// Fetcher asks other services; without one such a function fails.
	Fetcher Fetcher

	// variables are what SET made, for the templates that come after the statement.
	variables []assigned
}

// Statement is a parsed SELECT with its SET.
type Statement struct {
	selection
	filter string
	where  node
	// set are the expressions of SET, variables their names.
	set       []node
	variables []string
	fetches   []Fetch
	old       bool // version 2015-10-08
}

// selection is what stands behind SELECT.
type selection struct {
	value node   // of SELECT VALUE
	items []item // else
}

// item is a column: *, an expression with its name, or an object literal without
// one, whose members are columns.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-select.html
type item struct {
	star bool
	expr node
	path []string // of the alias
}

// Result is what a statement makes of a message.
type Result struct {
	// Fired is that WHERE was true, or absent.
	Fired   bool
	Payload []byte
}

// Filter is the topic filter of FROM, or empty: then the rule is for Basic Ingest
// only.
func (s *Statement) Filter() string { return s.filter }

// Fetches are the functions in the statement that ask other services.
func (s *Statement) Fetches() []Fetch { return s.fetches }

// Eval evaluates SET, WHERE, then SELECT. An error ends the rule. What SET made
// stays with the message, for templates.
func (s *Statement) Eval(m *Message) (Result, error) {
	c := &scope{message: m, old: s.old}
	if len(s.set) > 0 {
		if c.assign(s.set); c.err != nil {
			return Result{}, c.err
		}
	}
	if s.where != nil {
		v := s.where.eval(c)
		if c.err != nil {
			return Result{}, c.err
		}
		if v.kind != boolKind || !v.b {
			return Result{}, nil
		}
	}
	payload, err := s.selected(c)
	if err != nil {
		return Result{}, err
	}
	return Result{true, payload}, nil
}

func (s *Statement) selected(c *scope) ([]byte, error) {
	if s.value == nil && len(s.items) == 1 && s.items[0].star {
		return c.message.Payload, nil
	}
	v := s.made(c)
	if s.old && s.value != nil && v.kind == arrayKind {
		c.fail(errArray)
	}
	if c.err != nil {
		return nil, c.err
	}
	w := writer{limit: maxOutput, old: s.old}
	if s.value == nil {
		w.b = make([]byte, 0, len(c.message.Payload)+64*len(s.items))
	}
	if w.value(v); w.over {
		return nil, errOutput
	}
	return w.b, nil
}

// Rewrite writes what the statement made as its version writes numbers: SELECT * alone hands
// a payload on as it came, and where types are inferred 10.0 is an Int all the same, but for
// version 2015-10-08.
func (s *Statement) Rewrite(payload []byte) ([]byte, error) {
	v, err := decodePayload(payload)
	if err != nil {
		return nil, err
	}
	w := writer{limit: maxOutput, old: s.old}
	if w.value(v); w.over {
		return nil, errOutput
	}
	return w.b, nil
}

// errArray: https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-sql-version.html#return-array-rule
var errArray = errors.New("SELECT VALUE of an Array needs SQL version " + Version2016)

// made is the value of one row.
func (s *selection) made(c *scope) value {
	if s.value != nil {
		return s.value.eval(c)
	}
	out := newObject(len(s.items) + 8)
	for _, it := range s.items {
		switch {
		case it.star:
			c.all(out)
		case it.path == nil:
			out.merge(it.expr.eval(c).o)
		default:
			out.put(it.path, it.expr.eval(c))
		}
		if c.err != nil {
			return undefined
		}
	}
	return ofObject(out)
}

// all adds the payload's members: "If you have an empty or a JSON payload, the
// resulting payload can have data added using the rule."
// https://docs.aws.amazon.com/iot/latest/developerguide/binary-payloads.html
func (c *scope) all(out *object) {
	if c.element != nil {
		if c.element.value.kind == objectKind {
			out.merge(c.element.value.o)
		}
		return
	}
	if len(c.message.Payload) == 0 {
		return
	}
	root := c.payload()
	switch {
	case c.err != nil:
	case root.kind != objectKind:
		c.fail(errors.New("SELECT * beside other columns needs a payload that is a JSON object"))
	default:
		out.merge(root.o)
	}
}

// Match tells whether a topic matches a filter as the rules engine and the
// broker of AWS have it: a/# does not match a, and a wildcard at the front does
// not match topics that begin with $ (AWS.md §1).
func Match(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") && !strings.HasPrefix(filter, "$") {
		return false
	}
	for {
		f, restFilter, moreFilter := strings.Cut(filter, "/")
		t, restTopic, moreTopic := strings.Cut(topic, "/")
		if f == "#" {
			return true
		}
		if f != "+" && f != t {
			return false
		}
		if !moreFilter || !moreTopic {
			return moreFilter == moreTopic
		}
		filter, topic = restFilter, restTopic
	}
}

func checkFilter(filter string) error {
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		if level == "#" && i == len(levels)-1 || level == "+" {
			continue
		}
		if strings.ContainsAny(level, "#+") {
			return fmt.Errorf("topic filter %q: # is only the last level, and # and + are levels of their own", filter)
		}
	}
	return nil
}

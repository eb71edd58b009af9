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
	// UUID makes what newuuid() answers; nil is Undefined.
	UUID func() string
}

// Statement is a parsed SELECT.
type Statement struct {
	filter string
	where  node
	value  node   // of SELECT VALUE
	items  []item // else
}

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

// Filter is the topic filter of FROM.
func (s *Statement) Filter() string { return s.filter }

// Eval evaluates WHERE, then SELECT. An error ends the rule.
func (s *Statement) Eval(m *Message) (Result, error) {
	c := &scope{message: m}
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
	if s.value != nil {
		v := s.value.eval(c)
		return v.appendJSON(nil), c.err
	}
	if len(s.items) == 1 && s.items[0].star {
		return c.message.Payload, nil
	}
	out := newObject()
	for _, it := range s.items {
		if it.star {
			root := c.payload()
			if c.err != nil {
				return nil, c.err
			}
			if root.kind != objectKind {
				return nil, errors.New("SELECT * beside other columns needs a payload that is a JSON object")
			}
			for _, key := range root.o.keys {
				out.set(key, root.o.values[key])
			}
			continue
		}
		v := it.expr.eval(c)
		if c.err != nil {
			return nil, c.err
		}
		out.put(it.path, v)
	}
	return value{kind: objectKind, o: out}.appendJSON(nil), nil
}

// put sets a nested member. Objects on the way are copied: they may be the
// payload's own.
func (o *object) put(path []string, v value) {
	if len(path) == 1 {
		o.set(path[0], v)
		return
	}
	inner := newObject()
	if old := o.values[path[0]]; old.kind == objectKind {
		for _, key := range old.o.keys {
			inner.set(key, old.o.values[key])
		}
	}
	inner.put(path[1:], v)
	o.set(path[0], value{kind: objectKind, o: inner})
}

// scope is one evaluation: the message and its payload, decoded when a path is
// first used.
type scope struct {
	message *Message
	decoded bool
	root    value
	err     error
}

func (c *scope) payload() value {
	if !c.decoded {
		c.decoded = true
		root, err := decodeJSON(c.message.Payload)
		if err != nil {
			c.err = fmt.Errorf("the payload is not JSON: %w", err)
		}
		c.root = root
	}
	return c.root
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

package attribute

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// decoder reads JSON once, left to right, where encoding/json would scan a
// nested value again at each level.
type decoder struct {
	data []byte
	at   int
}

func (d *decoder) peek() byte {
	for d.at < len(d.data) {
		switch c := d.data[d.at]; c {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return c
		}
	}
	return 0
}

// take consumes c.
func (d *decoder) take(c byte) bool {
	if d.peek() != c || d.at >= len(d.data) {
		return false
	}
	d.at++
	return true
}

func (d *decoder) word(w string) bool {
	d.peek()
	if len(d.data)-d.at < len(w) || string(d.data[d.at:d.at+len(w)]) != w {
		return false
	}
	d.at += len(w)
	return true
}

func (d *decoder) null() bool { return d.word("null") }

func (d *decoder) bool() (bool, error) {
	switch {
	case d.word("true"):
		return true, nil
	case d.word("false"):
		return false, nil
	}
	return false, d.wrong("Boolean")
}

// object calls member with the name of each member, to read its value.
func (d *decoder) object(member func(name string) error) error {
	if !d.take('{') {
		return d.wrong("a map")
	}
	if d.take('}') {
		return nil
	}
	for {
		name, err := d.string()
		if err != nil {
			return err
		}
		if !d.take(':') {
			return d.wrong("a member")
		}
		if err := member(name); err != nil {
			return err
		}
		if d.take('}') {
			return nil
		}
		if !d.take(',') {
			return d.wrong("a map")
		}
	}
}

// array calls element to read each element.
func (d *decoder) array(element func() error) error {
	if !d.take('[') {
		return d.wrong("a list")
	}
	if d.take(']') {
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if d.take(']') {
			return nil
		}
		if !d.take(',') {
			return d.wrong("a list")
		}
	}
}

func (d *decoder) string() (string, error) {
	if !d.take('"') {
		return "", d.wrong("String")
	}
	start, plain := d.at, true
	for d.at < len(d.data) {
		switch c := d.data[d.at]; {
		case c == '"':
			d.at++
			if plain {
				return string(d.data[start : d.at-1]), nil
			}
			var s string
			if err := json.Unmarshal(d.data[start-1:d.at], &s); err != nil {
				return "", d.wrong("String")
			}
			return s, nil
		case c == '\\':
			plain = false
			d.at++
		case c < ' ' || c >= utf8.RuneSelf:
			plain = false
		}
		d.at++
	}
	return "", d.wrong("String")
}

// wrong is the error of a JSON value of another kind, in the service's words.
func (d *decoder) wrong(want string) error {
	found := "Unexpected value"
	switch c := d.peek(); {
	case c == '"':
		found = "STRING_VALUE"
	case c == 't':
		found = "TRUE_VALUE"
	case c == 'f':
		found = "FALSE_VALUE"
	case c == '{':
		found = "START_OBJECT"
	case c == '[':
		found = "START_ARRAY"
	case c == '-' || c >= '0' && c <= '9':
		found = "NUMBER_VALUE"
	}
	return wire.Errorf("SerializationException", 0, "%s cannot be converted to %s", found, want)
}

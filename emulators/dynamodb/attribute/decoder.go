package attribute

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// decoder reads JSON once, left to right, where encoding/json would scan a
// nested value again at each level. What it answers are parts of the text where they
// can be, which keep all of it.
type decoder struct {
	data string
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
	if len(d.data)-d.at < len(w) || d.data[d.at:d.at+len(w)] != w {
		return false
	}
	d.at += len(w)
	return true
}

func (d *decoder) null() bool { return d.word("null") }

// bool reads a boolean, or a string that the service takes for one.
func (d *decoder) bool() (bool, error) {
	switch {
	case d.word("true"), d.word(`"true"`), d.word(`"yes"`), d.word(`"1"`):
		return true, nil
	case d.word("false"), d.word(`"false"`), d.word(`"no"`), d.word(`"0"`):
		return false, nil
	}
	return false, d.wrong(BooleanShape, "class java.lang.Boolean")
}

// object calls member with the name of each member, to read its value; it is a map or
// a structure of the class.
func (d *decoder) object(want Shape, class string, member func(name string) error) error {
	if !d.take('{') {
		return d.wrong(want, class)
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
			return d.wrong(want, class)
		}
		if err := member(name); err != nil {
			return err
		}
		if d.take('}') {
			return nil
		}
		if !d.take(',') {
			return d.wrong(want, class)
		}
	}
}

// array calls element to read each element.
func (d *decoder) array(element func() error) error {
	if !d.take('[') {
		return d.wrong(ListShape, "")
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
			return d.wrong(ListShape, "")
		}
	}
}

func (d *decoder) string() (string, error) {
	if !d.take('"') {
		return "", d.wrong(StringShape, "class java.lang.String")
	}
	start, plain := d.at, true
	for d.at < len(d.data) {
		switch c := d.data[d.at]; {
		case c == '"':
			d.at++
			if plain {
				return d.data[start : d.at-1], nil
			}
			var s string
			if err := json.Unmarshal([]byte(d.data[start-1:d.at]), &s); err != nil {
				return "", d.wrong(StringShape, "class java.lang.String")
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
	return "", d.wrong(StringShape, "class java.lang.String")
}

// wrong is the error of a JSON value of another kind.
func (d *decoder) wrong(want Shape, class string) error {
	return Mistyped(FoundAt(d.data[min(d.at, len(d.data)):]), want, class)
}

// FoundAt is the kind of the JSON value that a text begins with.
func FoundAt(text string) Found {
	d := decoder{data: text}
	switch d.peek() {
	case '"':
		return FoundString
	case 't':
		return FoundTrue
	case 'f':
		return FoundFalse
	case '{':
		return FoundObject
	case '[':
		return FoundArray
	}
	end := d.at
	for end < len(text) && strings.IndexByte("+-.0123456789eE", text[end]) >= 0 {
		end++
	}
	if strings.ContainsAny(text[d.at:end], ".eE") {
		return FoundDecimal
	}
	return FoundNumber
}

package sql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep payloads and expressions nest.
const maxDepth = 128

// limitError is that something is JSON, but more than the engine takes.
type limitError struct{ reason string }

func (e *limitError) Error() string { return e.reason }

// fieldsAtFirst is the room for members of a payload's object.
const fieldsAtFirst = 8

// reader reads JSON straight into values, whose texts are parts of the payload's.
// It takes what encoding/json takes, and keeps the order of members.
type reader struct {
	text string
	at   int
	made int // bytes of values, about
}

// decodeJSON reads one JSON value.
func decodeJSON(text []byte) (value, error) {
	r := reader{text: string(text)}
	return r.one()
}

func (r *reader) one() (value, error) {
	v, err := r.value(0)
	if err != nil {
		return undefined, err
	}
	if r.space(); r.at < len(r.text) {
		return undefined, fmt.Errorf("there is more than one JSON value, at byte %d", r.at+1)
	}
	return v, nil
}

func (r *reader) unexpected() error {
	if r.at >= len(r.text) {
		return fmt.Errorf("unexpected end")
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	return fmt.Errorf("unexpected %q at byte %d", c, r.at+1)
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return
		}
	}
}

// next is the next character that is not white space, or 0.
func (r *reader) next() byte {
	if r.space(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) value(depth int) (value, error) {
	if depth > maxDepth {
		return undefined, &limitError{fmt.Sprintf("JSON is nested deeper than %d", maxDepth)}
	}
	switch c := r.next(); c {
	case '{':
		return r.object(depth)
	case '[':
		return r.array(depth)
	case '"':
		s, err := r.string()
		return ofString(s), err
	case 't':
		return ofBool(true), r.word("true")
	case 'f':
		return ofBool(false), r.word("false")
	case 'n':
		return null, r.word("null")
	}
	return r.number()
}

func (r *reader) word(word string) error {
	for i := range len(word) {
		if r.at >= len(r.text) || r.text[r.at] != word[i] {
			return r.unexpected()
		}
		r.at++
	}
	return nil
}

func (r *reader) array(depth int) (value, error) {
	r.at++
	if r.next() == ']' {
		r.at++
		return value{kind: arrayKind}, nil
	}
	var items []value
	for {
		item, err := r.value(depth + 1)
		if err != nil {
			return undefined, err
		}
		items = append(items, item)
		r.made += 2 * valueSize
		switch r.next() {
		case ',':
			r.at++
		case ']':
			r.at++
			return ofArray(items), nil
		default:
			return undefined, r.unexpected()
		}
	}
}

func (r *reader) object(depth int) (value, error) {
	r.at++
	if r.next() == '}' {
		r.at++
		return ofObject(&object{}), nil
	}
	o := newObject(fieldsAtFirst)
	r.made += fieldsAtFirst * valueSize
	for {
		if r.next() != '"' {
			return undefined, r.unexpected()
		}
		key, err := r.string()
		if err != nil {
			return undefined, err
		}
		if r.next() != ':' {
			return undefined, r.unexpected()
		}
		r.at++
		item, err := r.value(depth + 1)
		if err != nil {
			return undefined, err
		}
		o.set(key, item)
		r.made += 2 * valueSize
		switch r.next() {
		case ',':
			r.at++
		case '}':
			r.at++
			return ofObject(o), nil
		default:
			return undefined, r.unexpected()
		}
	}
}

func (r *reader) number() (value, error) {
	start, point, exponent := r.at, false, false
	if r.at < len(r.text) && r.text[r.at] == '-' {
		r.at++
	}
	if r.at < len(r.text) && r.text[r.at] == '0' {
		r.at++
	} else if !r.digits() {
		return undefined, r.unexpected()
	}
	if r.at < len(r.text) && r.text[r.at] == '.' {
		r.at++
		point = true
		if !r.digits() {
			return undefined, r.unexpected()
		}
	}
	if r.at < len(r.text) && (r.text[r.at] == 'e' || r.text[r.at] == 'E') {
		r.at++
		exponent = true
		if r.at < len(r.text) && (r.text[r.at] == '-' || r.text[r.at] == '+') {
			r.at++
		}
		if !r.digits() {
			return undefined, r.unexpected()
		}
	}
	return numberOf(r.text[start:r.at], point, exponent)
}

func (r *reader) digits() bool {
	start := r.at
	for r.at < len(r.text) && isDigit(rune(r.text[r.at])) {
		r.at++
	}
	return r.at > start
}

// string reads a text; without escapes and wrong UTF-8 it is a part of the whole.
func (r *reader) string() (string, error) {
	r.at++
	start, ascii := r.at, true
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			s := r.text[start:r.at]
			r.at++
			if !ascii && !utf8.ValidString(s) {
				var b strings.Builder
				appendValid(&b, s)
				return b.String(), nil
			}
			return s, nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", r.unexpected()
		case c >= utf8.RuneSelf:
			ascii = false
		}
		r.at++
	}
	return "", r.unexpected()
}

// escaped reads on from the first backslash.
func (r *reader) escaped(start int) (string, error) {
	var b strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		if c != '"' && c != '\\' && c >= ' ' {
			r.at++
			continue
		}
		appendValid(&b, r.text[start:r.at])
		switch c {
		case '"':
			r.at++
			return b.String(), nil
		case '\\':
			r.at++
			if err := r.escape(&b); err != nil {
				return "", err
			}
			start = r.at
		default:
			return "", r.unexpected()
		}
	}
	return "", r.unexpected()
}

func (r *reader) escape(b *strings.Builder) error {
	if r.at >= len(r.text) {
		return r.unexpected()
	}
	c := r.text[r.at]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		r.at++
		return nil
	}
	if c != 'u' {
		return r.unexpected()
	}
	unit, ok := r.unit(r.at + 1)
	if !ok {
		return r.unexpected()
	}
	r.at += 5
	if utf16.IsSurrogate(unit) {
		if low, ok := r.unit(r.at + 2); ok && strings.HasPrefix(r.text[r.at:], `\u`) {
			if pair := utf16.DecodeRune(unit, low); pair != utf8.RuneError {
				r.at += 6
				b.WriteRune(pair)
				return nil
			}
		}
		unit = utf8.RuneError
	}
	b.WriteRune(unit)
	return nil
}

// unit reads four hexadecimal digits.
func (r *reader) unit(at int) (rune, bool) {
	if at+4 > len(r.text) {
		return 0, false
	}
	for _, c := range []byte(r.text[at : at+4]) {
		if !isHex(c) {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(r.text[at:at+4], 16, 32)
	return rune(n), err == nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// appendValid puts U+FFFD in place of each byte that is not UTF-8.
func appendValid(b *strings.Builder, s string) {
	if utf8.ValidString(s) {
		b.WriteString(s)
		return
	}
	for _, r := range s {
		b.WriteRune(r)
	}
}

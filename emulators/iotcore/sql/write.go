package sql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxOutput bounds what a statement selects and what is made into text, in
// bytes. AWS's messages are at most 128 KiB, but base64 and renamed members may
// make a payload longer on its way to an action.
const maxOutput = 1 << 20

var errOutput = fmt.Errorf("what the statement makes is longer than %d bytes of JSON, a bound of Shakedown", maxOutput)

// writer writes values as JSON; Undefined members are left away. It stops soon
// after its limit.
type writer struct {
	b     []byte
	limit int
	over  bool
	old   bool // version 2015-10-08
}

func (w *writer) value(v value) {
	if len(w.b) > w.limit {
		w.over = true
		return
	}
	switch v.kind {
	case nullKind:
		w.b = append(w.b, "null"...)
	case boolKind:
		w.b = strconv.AppendBool(w.b, v.b)
	case intKind:
		w.b = append(w.b, v.numberText()...)
	case decimalKind:
		w.b = append(w.b, v.decimalText(w.old)...)
	case stringKind:
		w.b = appendString(w.b, v.s)
	case arrayKind:
		w.array(v.items())
	case objectKind:
		w.object(v.o)
	}
}

func (w *writer) array(items []value) {
	w.b = append(w.b, '[')
	first := true
	for i := range items {
		if items[i].kind == undefinedKind {
			continue
		}
		if !first {
			w.b = append(w.b, ',')
		}
		first = false
		if w.value(items[i]); w.over {
			return
		}
	}
	w.b = append(w.b, ']')
}

func (w *writer) object(o *object) {
	w.b = append(w.b, '{')
	first := true
	for i := range o.fields {
		f := &o.fields[i]
		if f.value.kind == undefinedKind {
			continue
		}
		if !first {
			w.b = append(w.b, ',')
		}
		first = false
		w.b = append(appendString(w.b, f.key), ':')
		if w.value(f.value); w.over {
			return
		}
	}
	w.b = append(w.b, '}')
}

// appendString quotes as encoding/json does without HTML escapes: bytes that are
// not UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			bad := r == utf8.RuneError && n == 1
			if bad || r == '\u2028' || r == '\u2029' {
				b = append(b, s[done:i]...)
				b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
				done = i + n
			}
			i += n
			continue
		}
		b = append(b, s[done:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		done = i
	}
	return append(append(b, s[done:]...), '"')
}

// decimalText is the text of a Decimal: a whole one leaves as an Int, 10.0 as 10,
// but for version 2015-10-08, where it stays a Decimal (AWS.md §2).
func (v value) decimalText(old bool) string {
	text := v.numberText()
	if old && !strings.ContainsAny(text, ".E") {
		return text + ".0"
	}
	return text
}

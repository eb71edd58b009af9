package wire

import (
	"bytes"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Quick is an input that reads a usual body by itself, for calls that every message
// makes: encoding/json looks at each byte three times. It answers false for all
// that is not usual (a member it does not have, another type, null, a member twice),
// and then encoding/json reads the body and has the right error for it.
type Quick interface {
	ReadQuick(body gjson.Result) bool
}

// maxQuick bounds a usual body, in bytes: gjson goes into an array within an array
// by a call within a call.
const maxQuick = 64 << 10

// quick reads a body into an input, which is to be thrown away on false. Text with
// escapes or broken UTF-8 is not usual.
func quick(body []byte, in any) bool {
	q, ok := in.(Quick)
	return ok && len(body) <= maxQuick && bytes.IndexByte(body, '\\') < 0 && utf8.Valid(body) && gjson.ValidBytes(body) && q.ReadQuick(gjson.Parse(TextOf(body)))
}

// QuickText reads a string member.
func QuickText(v gjson.Result, to *string) bool {
	*to = v.Str
	return v.Type == gjson.String
}

// QuickMembers calls member for each member of an object, until one is not usual.
func QuickMembers(v gjson.Result, member func(name string, v gjson.Result) bool) bool {
	ok := v.IsObject()
	if ok {
		v.ForEach(func(name, v gjson.Result) bool {
			ok = member(name.Str, v)
			return ok
		})
	}
	return ok
}

// QuickElements calls element for each element of an array, until one is not usual.
func QuickElements(v gjson.Result, element func(v gjson.Result) bool) bool {
	ok := v.IsArray()
	if ok {
		v.ForEach(func(_, v gjson.Result) bool {
			ok = element(v)
			return ok
		})
	}
	return ok
}

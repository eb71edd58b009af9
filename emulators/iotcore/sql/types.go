package sql

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// castTypes are the names of types in cast.
var castTypes = map[string]kind{
	"string": stringKind, "nvarchar": stringKind, "text": stringKind, "ntext": stringKind, "varchar": stringKind,
	"int": intKind, "integer": intKind, "double": decimalKind, "decimal": decimalKind,
	"bool": boolKind, "boolean": boolKind,
}

var typeFunctions = map[string]function{
	"cast": func(c *scope, args []value) value { return cast(c, args[0], castTypes[args[1].s]) },
	"isnull": func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		return ofBool(args[0].kind == nullKind)
	},
	"isundefined": func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		return ofBool(args[0].kind == undefinedKind)
	},
	"get":            get,
	"get_or_default": func(*scope, []value) value { return undefined }, // call.getOrDefault
	"encode":         encode,
	"transform":      transform,
	"parse_time":     parseTime,
	"time_to_epoch":  timeToEpoch,
	"decode":         decode,
}

func cast(c *scope, v value, to kind) value {
	switch to {
	case stringKind:
		s, ok := v.text(c)
		if !ok {
			return undefined
		}
		return ofString(s)
	case boolKind:
		if v.isNumber() {
			return ofBool(v.sign() != 0)
		}
		b, ok := v.boolean()
		if !ok {
			return undefined
		}
		return ofBool(b)
	}
	if v.kind == boolKind {
		if v.b {
			return ofInt(1)
		}
		return ofInt(0)
	}
	n, ok := v.number()
	if !ok {
		return undefined
	}
	if to == decimalKind {
		n.kind = decimalKind
		return n
	}
	d, ok := n.whole(apd.RoundFloor)
	if !ok {
		return undefined
	}
	return ofInteger(d)
}

// index is the conversion to Int: a Decimal is rounded to the nearest, what a
// String tells is cut off.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html#iot-sql-conversions
func (v value) index() (int64, bool) {
	n, ok := v.number()
	if !ok {
		return 0, false
	}
	if v.kind == stringKind {
		return n.rounded(apd.RoundDown)
	}
	return n.rounded(apd.RoundHalfUp)
}

// get is an item of an Array, a character of a String, a member of an Object.
func get(_ *scope, args []value) value {
	if len(args) != 2 {
		return undefined
	}
	of, key := args[0], args[1]
	if of.kind == objectKind {
		if key.kind != stringKind {
			return undefined
		}
		return of.o.get(key.s)
	}
	i, ok := key.index()
	if !ok || i < 0 {
		return undefined
	}
	switch of.kind {
	case arrayKind:
		if items := of.items(); i < int64(len(items)) {
			return items[i]
		}
	case stringKind:
		for _, r := range of.s {
			if i == 0 {
				return ofString(string(r))
			}
			i--
		}
	}
	return undefined
}

func encode(c *scope, args []value) value {
	if len(args) != 2 || !strings.EqualFold(args[1].s, "base64") {
		return undefined
	}
	s, ok := args[0].text(c)
	if !ok {
		return undefined
	}
	return ofString(base64.StdEncoding.EncodeToString([]byte(s)))
}

var errProto = errors.New("decode with 'proto' is not implemented by Shakedown, only with 'base64'")

// decode answers JSON as a value and other text as a String; what cannot be
// decoded is Null.
func decode(c *scope, args []value) value {
	if len(args) > 1 && args[1].kind == stringKind && strings.EqualFold(args[1].s, "proto") {
		c.fail(errProto)
		return undefined
	}
	if len(args) != 2 || args[0].kind != stringKind || !strings.EqualFold(args[1].s, "base64") {
		return undefined
	}
	coding := base64.StdEncoding
	if !strings.Contains(args[0].s, "=") {
		coding = base64.RawStdEncoding // Java's decoder does not need the padding
	}
	raw, err := coding.DecodeString(args[0].s)
	if err != nil {
		return null
	}
	r := reader{text: string(raw)}
	v, err := r.one()
	if !c.use(r.made) {
		return undefined
	}
	if err == nil {
		return v
	}
	return ofString(string(raw))
}

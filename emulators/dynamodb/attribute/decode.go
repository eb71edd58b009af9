package attribute

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unique"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// UnmarshalJSON reads {"S":"…"} and refuses what DynamoDB refuses.
func (v *Value) UnmarshalJSON(b []byte) error {
	d := decoder{data: string(b)}
	value, err := d.value(0)
	if err == nil {
		*v = value
	}
	return err
}

// UnmarshalJSON reads a map of values.
func (i *Item) UnmarshalJSON(b []byte) error { return i.Read(string(b)) }

// Read is UnmarshalJSON of a text, which the values at the top are parts of.
func (i *Item) Read(text string) error {
	d := decoder{data: text}
	if d.null() {
		return nil
	}
	members, err := d.members(0)
	if err == nil {
		*i = members
	}
	return err
}

// Values are the values of an expression by their placeholder, :name.
type Values map[string]Value

// UnmarshalJSON reads a map of values; a message names the placeholder.
func (v *Values) UnmarshalJSON(b []byte) error { return v.Read(string(b)) }

// Read is UnmarshalJSON of a text, which the values at the top are parts of.
func (v *Values) Read(text string) error {
	d := decoder{data: text}
	if d.null() {
		return nil
	}
	values := Values{}
	err := d.object(MapShape, ofValue, func(name string) error {
		value, err := d.value(0)
		if e, ok := err.(*wire.Error); ok && e.Code == "ValidationException" {
			return invalid("ExpressionAttributeValues contains invalid value: %s for key %s", e.Message, name)
		}
		values[name] = value
		return err
	})
	if err == nil {
		*v = values
		return nil
	}
	return badPlaceholder(text, err)
}

// badPlaceholder is the error of a key that is no placeholder, where there is one: it
// comes before that of a value.
func badPlaceholder(text string, err error) error {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &all) != nil || wire.AsError(err).Code != "ValidationException" {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(key, ":") {
			return invalid("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", key)
		}
	}
	return err
}

func (d *decoder) members(depth int) (map[string]Value, error) {
	members := map[string]Value{}
	err := d.object(MapShape, ofValue, func(name string) error {
		if len(name) >= maxName {
			return invalid("One or more parameter values were invalid: Attribute name is too large, must be less than 65536 bytes")
		}
		value, err := d.value(depth)
		members[unique.Make(name).Value()] = value // one name for all items
		return err
	})
	return members, err
}

// value reads one typed value; depth is the number of maps and lists around it. That it
// has two types is told when both have been read.
func (d *decoder) value(depth int) (Value, error) {
	var v Value
	types := 0
	if d.null() {
		return v, empty()
	}
	err := d.object(ValueShape, "class "+shapes+"AttributeValue", func(name string) error {
		kind, known := TypeOf(name)
		if !known {
			return empty()
		}
		if d.null() {
			return nil
		}
		types++
		var err error
		v, err = d.typed(kind, depth)
		return err
	})
	switch {
	case err == nil && types == 0:
		err = empty()
	case err == nil && types > 1:
		err = invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	}
	return v, err
}

func empty() error {
	return invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

func (d *decoder) typed(kind Type, depth int) (Value, error) {
	switch kind {
	case BOOL, NULL:
		flag, err := d.bool()
		if err == nil && kind == NULL && !flag {
			err = invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")
		}
		return Value{kind: kind, flag: flag && kind == BOOL}, err
	case M, L:
		if depth >= MaxDepth {
			return Value{}, invalid("%s: Attributes in the item have nested levels beyond supported limit", tooDeep)
		}
		return d.document(kind, depth+1)
	case SS, NS, BS:
		return d.set(kind)
	}
	return d.scalar(kind, depth)
}

func (d *decoder) document(kind Type, depth int) (Value, error) {
	if kind == M {
		members, err := d.members(depth)
		return Map(members), err
	}
	list := []Value{}
	err := d.array(func() error {
		v, err := d.value(depth)
		list = append(list, v)
		return err
	})
	return List(list), err
}

// scalar reads a string, number or binary. Item.Pack makes those at the top independent
// of the text; deeper ones are.
func (d *decoder) scalar(kind Type, depth int) (Value, error) {
	if kind == B {
		return d.binary()
	}
	text, err := d.string()
	if err != nil {
		return Value{}, err
	}
	if depth > 0 {
		text = strings.Clone(text)
	}
	if kind == N {
		n, err := ParseNumber(text)
		return Num(n), err
	}
	return String(text), nil
}

func (d *decoder) binary() (Value, error) {
	if d.peek() != '"' {
		return Value{}, d.wrong(BlobShape, "class java.nio.ByteBuffer")
	}
	text, err := d.string()
	if err != nil {
		return Value{}, err
	}
	if len(text)%4 != 0 {
		return Value{}, wire.Errorf("SerializationException", 0, "Base64 encoded length is expected a multiple of 4 bytes but found: %d", len(text))
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil { // spelt as the service does
		return Value{}, wire.Errorf("SerializationException", 0, "Invalid last non-pad Base64 character dectected")
	}
	return Bytes(b), nil
}

func (d *decoder) set(kind Type) (Value, error) {
	var elements []Value
	err := d.array(func() error {
		v, err := d.scalar(kind.elementType(), 1)
		elements = append(elements, v)
		return err
	})
	if err != nil {
		return Value{}, err
	}
	return makeSet(kind, elements)
}

func duplicates(kind Type, elements []Value) error {
	if kind == NS {
		return invalid("Input collection contains duplicates")
	}
	var printed []string
	for _, e := range elements {
		printed = append(printed, e.String())
	}
	between := " "
	if kind == BS { // as the service spells it
		between = "of type BS "
	}
	return invalid("One or more parameter values were invalid: Input collection [%s]%scontains duplicates.", strings.Join(printed, ", "), between)
}

func checkSet(kind Type, elements []Value) error {
	word := map[Type]string{SS: "An string set ", NS: "An number set "}[kind]
	if len(elements) == 0 {
		if kind == BS {
			return invalid("One or more parameter values were invalid: Binary sets should not be empty")
		}
		return invalid("One or more parameter values were invalid: %s may not be empty", word)
	}
	for _, e := range elements {
		if e.kind == S && e.text == "" {
			return invalid("One or more parameter values were invalid: An string set may not have a empty string as a member")
		}
		if e.kind == B && e.text == "" {
			return invalid("One or more parameter values were invalid: Binary sets may not contain null or empty values")
		}
	}
	return nil
}

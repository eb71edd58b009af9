package attribute

import (
	"encoding/base64"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// UnmarshalJSON reads {"S":"…"} and refuses what DynamoDB refuses.
func (v *Value) UnmarshalJSON(b []byte) error {
	d := decoder{data: b}
	value, err := d.value(0)
	if err == nil {
		*v = value
	}
	return err
}

// UnmarshalJSON reads a map of values.
func (i *Item) UnmarshalJSON(b []byte) error {
	d := decoder{data: b}
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
func (v *Values) UnmarshalJSON(b []byte) error {
	d := decoder{data: b}
	if d.null() {
		return nil
	}
	values := Values{}
	err := d.object(func(name string) error {
		value, err := d.value(0)
		if e, ok := err.(*wire.Error); ok && e.Code == "ValidationException" {
			return invalid("ExpressionAttributeValues contains invalid value: %s for key %s", e.Message, name)
		}
		values[name] = value
		return err
	})
	if err == nil {
		*v = values
	}
	return err
}

func (d *decoder) members(depth int) (map[string]Value, error) {
	members := map[string]Value{}
	err := d.object(func(name string) error {
		if len(name) > 64<<10 {
			return invalid("One or more parameter values were invalid: Attribute name is too large, must be less than 65536 bytes")
		}
		value, err := d.value(depth)
		members[name] = value
		return err
	})
	return members, err
}

// value reads one typed value; depth is the number of maps and lists around it.
func (d *decoder) value(depth int) (Value, error) {
	var v Value
	if d.null() {
		return v, empty()
	}
	err := d.object(func(name string) error {
		kind, known := TypeOf(name)
		if !known {
			return empty()
		}
		if d.null() {
			return nil
		}
		if v.kind != None {
			return invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		}
		var err error
		v, err = d.typed(kind, depth)
		return err
	})
	if err == nil && v.kind == None {
		err = empty()
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
			return Value{}, tooDeep()
		}
		return d.document(kind, depth+1)
	case SS, NS, BS:
		return d.set(kind)
	}
	return d.scalar(kind)
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

func (d *decoder) scalar(kind Type) (Value, error) {
	text, err := d.string()
	if err != nil {
		return Value{}, err
	}
	switch kind {
	case N:
		n, err := ParseNumber(text)
		return Num(n), err
	case B:
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return Value{}, wire.Errorf("SerializationException", 0, "a binary attribute value is not base64: %s", err)
		}
		return Bytes(b), nil
	}
	return String(text), nil
}

func (d *decoder) set(kind Type) (Value, error) {
	var elements []Value
	err := d.array(func() error {
		v, err := d.scalar(kind.elementType())
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
	return invalid("One or more parameter values were invalid: Input collection [%s] contains duplicates.", strings.Join(printed, ", "))
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

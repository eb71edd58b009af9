package operationtest

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
)

// path leads from an operation's input to one of its members: names of fields, and
// element for what is in a list or map.
type path []string

const element = "[]"

func (p path) String() string {
	return strings.ReplaceAll(strings.Join(p, "."), "."+element, element)
}

// name is what an error must name: the last field.
func (p path) name() string {
	for _, part := range slices.Backward(p) {
		if part != element {
			return part
		}
	}
	return ""
}

func (p path) with(part string) path { return append(slices.Clone(p), part) }

// membersOf are the members of a type that a request can leave out, as the next parts of
// a path. A structure is one member and has those of its own; unions, documents and
// times have none.
func membersOf(t reflect.Type) []string {
	switch t.Kind() {
	case reflect.Pointer:
		return membersOf(t.Elem())
	case reflect.Slice, reflect.Map:
		if len(membersOf(t.Elem())) > 0 {
			return []string{element}
		}
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return nil
		}
		var names []string
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				names = append(names, t.Field(i).Name)
			}
		}
		return names
	}
	return nil
}

// step is the type that the next part of a path leads to.
func step(t reflect.Type, part string) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if part == element {
		return t.Elem()
	}
	field, _ := t.FieldByName(part)
	return field.Type
}

// find answers the values that a path leads to, those that are set.
func find(v reflect.Value, p path) []reflect.Value {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if len(p) == 0 {
		if v.IsZero() {
			return nil
		}
		return []reflect.Value{v}
	}
	var found []reflect.Value
	switch {
	case p[0] != element:
		found = find(v.FieldByName(p[0]), p[1:])
	case v.Kind() == reflect.Map:
		for _, key := range v.MapKeys() {
			found = append(found, find(v.MapIndex(key), p[1:])...)
		}
	default:
		for i := range v.Len() {
			found = append(found, find(v.Index(i), p[1:])...)
		}
	}
	return found
}

// holds tells whether an input has the member, with whatever value: false and 0 too
// where they can be told from nothing.
func holds(in reflect.Value, p path) bool {
	if len(find(in, p)) > 0 {
		return true
	}
	for _, parent := range find(in, p[:len(p)-1]) {
		if p[len(p)-1] == element {
			continue
		}
		if f := parent.FieldByName(p[len(p)-1]); f.Kind() == reflect.Pointer && !f.IsNil() {
			return true
		}
	}
	return false
}

// set answers a copy of v in which the member has a value, along the first of each list
// or map on the way. It answers false where nothing is on the way, or no value is known.
func set(v reflect.Value, p path, value func(reflect.Type) (reflect.Value, bool)) (reflect.Value, bool) {
	if len(p) == 0 {
		return value(v.Type())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v, false
		}
	case reflect.Slice, reflect.Map:
		if v.Len() == 0 {
			return v, false
		}
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		inner, ok := set(v.Elem(), p, value)
		c.Set(reflect.New(v.Type().Elem()))
		c.Elem().Set(inner)
		return c, ok
	case reflect.Slice:
		inner, ok := set(v.Index(0), p[1:], value)
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		reflect.Copy(c, v)
		c.Index(0).Set(inner)
		return c, ok
	case reflect.Map:
		key := v.MapKeys()[0]
		inner, ok := set(v.MapIndex(key), p[1:], value)
		c.Set(reflect.MakeMap(v.Type()))
		c.SetMapIndex(key, inner)
		return c, ok
	}
	inner, ok := set(v.FieldByName(p[0]), p[1:], value)
	if ok {
		c.FieldByName(p[0]).Set(inner)
	}
	return c, ok
}

// enumeration are the values of an enumeration, as a list; not valid where v is none.
func enumeration(v reflect.Value) reflect.Value {
	values := v.MethodByName("Values")
	if v.Kind() != reflect.String || !values.IsValid() {
		return reflect.Value{}
	}
	return values.Call(nil)[0]
}

// enumerations are the paths to the enumerations below a type; within are the types on
// the way, for those that hold themselves.
func enumerations(t reflect.Type, at path, within []reflect.Type) []path {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if slices.Contains(within, t) {
		return nil
	}
	if len(at) > 0 && enumeration(reflect.New(t).Elem()).IsValid() {
		return []path{at}
	}
	parts := membersOf(t)
	if k := t.Kind(); len(at) > 0 && (k == reflect.Slice || k == reflect.Map) {
		parts = []string{element} // enumerations have no members
	}
	var found []path
	for _, part := range parts {
		found = append(found, enumerations(step(t, part), at.with(part), append(slices.Clone(within), t))...)
	}
	return found
}

// unknownValue is a value of an enumeration, or a pointer to one, that does not exist.
func unknownValue(t reflect.Type) (reflect.Value, bool) {
	v := reflect.New(t).Elem()
	if t.Kind() == reflect.Pointer {
		v.Set(reflect.New(t.Elem()))
		v.Elem().SetString("shakedown-unknown")
		return v, true
	}
	v.SetString("shakedown-unknown")
	return v, true
}

// something makes a value of a type that is not its zero, as far as one can be made up.
// Of an enumeration it is value n; other types have but one.
func something(n int) func(reflect.Type) (reflect.Value, bool) {
	return func(t reflect.Type) (reflect.Value, bool) {
		v := reflect.New(t).Elem()
		if values := enumeration(v); values.IsValid() {
			if n >= values.Len() {
				return v, false
			}
			return values.Index(n), true
		}
		return v, n == 0 && (fillAny(v) || t.Kind() == reflect.Struct)
	}
}

// fillAny sets a value, and what it leads to as far as that is known; it tells whether
// it could.
func fillAny(v reflect.Value) bool {
	t := v.Type()
	switch {
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1e9, 0)))
	case t == reflect.TypeFor[io.Reader]():
		v.Set(reflect.ValueOf(strings.NewReader("x")))
	case enumeration(v).IsValid():
		v.Set(enumeration(v).Index(0))
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		fillAny(v.Elem())
	case t.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1))
		return fillAny(v.Index(0)) || t.Elem().Kind() == reflect.Struct
	case t.Kind() == reflect.Map:
		key, item := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		known := fillAny(item) || t.Elem().Kind() == reflect.Struct
		known = fillAny(key) && known
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(key, item)
		return known
	case t.Kind() == reflect.String:
		v.SetString("x")
	case t.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	case v.CanFloat():
		v.SetFloat(1)
	default:
		return false
	}
	return true
}

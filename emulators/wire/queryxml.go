package wire

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// queryXML renders an answer that has json tags, as the query protocol does: lists as
// member, maps as entry with key and value, times as RFC 3339, bytes in base64.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#xml-shape-serialization
//
// With flat lists and maps are flattened.
func queryXML(name string, out any, flat func(member string) Flat) ([]byte, error) {
	b := xmlWriter{flat: flat}
	err := b.element(name, reflect.ValueOf(out))
	return b.Bytes(), err
}

type xmlWriter struct {
	bytes.Buffer
	flat func(member string) Flat
}

func (b *xmlWriter) element(name string, v reflect.Value) error {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if t, ok := v.Interface().(Time); ok && t.IsZero() {
		return nil
	}
	b.WriteString("<" + name + ">")
	if err := b.content(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.WriteString("</" + name + ">")
	return nil
}

func (b *xmlWriter) content(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Interface().(Time); ok {
			return b.text(t.UTC().Format("2006-01-02T15:04:05.999Z"))
		}
		return b.members(v)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return b.text(base64.StdEncoding.EncodeToString(v.Bytes()))
		}
		for i := range v.Len() {
			if err := b.element("member", v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		for _, key := range sortedKeys(v) {
			b.WriteString("<entry>")
			if err := b.element("key", key); err != nil {
				return err
			}
			if err := b.element("value", v.MapIndex(key)); err != nil {
				return err
			}
			b.WriteString("</entry>")
		}
		return nil
	case reflect.Float64:
		return b.text(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.String:
		return b.text(v.String())
	case reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64:
		return b.text(fmt.Sprint(v.Interface()))
	}
	return fmt.Errorf("a %s has no place in an answer", v.Type())
}

// flattened writes a list or map without an element around it.
func (b *xmlWriter) flattened(of Flat, v reflect.Value) error {
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if err := b.element(of.Element, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}
	for _, key := range sortedKeys(v) {
		b.WriteString("<" + of.Element + ">")
		if err := cmp.Or(b.element(of.Key, key), b.element("Value", v.MapIndex(key))); err != nil {
			return err
		}
		b.WriteString("</" + of.Element + ">")
	}
	return nil
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// members writes the members of a struct, those of embedded structs too.
func (b *xmlWriter) members(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if err := b.members(v.Field(i)); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() || name == "-" || options == "omitempty" && isEmpty(v.Field(i)) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if b.flat != nil && flattens(f.Type) {
			if err := b.flattened(b.flat(name), v.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			continue
		}
		if err := b.element(name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (b *xmlWriter) text(s string) error { return xml.EscapeText(b, []byte(s)) }

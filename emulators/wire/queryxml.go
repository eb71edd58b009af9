package wire

import (
	"bytes"
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
func queryXML(name string, out any) ([]byte, error) {
	var b bytes.Buffer
	err := writeXML(&b, name, reflect.ValueOf(out))
	return b.Bytes(), err
}

func writeXML(b *bytes.Buffer, name string, v reflect.Value) error {
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
	if err := writeContent(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.WriteString("</" + name + ">")
	return nil
}

func writeContent(b *bytes.Buffer, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Interface().(Time); ok {
			return text(b, t.UTC().Format("2006-01-02T15:04:05.999Z"))
		}
		return writeMembers(b, v)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return text(b, base64.StdEncoding.EncodeToString(v.Bytes()))
		}
		for i := range v.Len() {
			if err := writeXML(b, "member", v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			b.WriteString("<entry>")
			if err := writeXML(b, "key", key); err != nil {
				return err
			}
			if err := writeXML(b, "value", v.MapIndex(key)); err != nil {
				return err
			}
			b.WriteString("</entry>")
		}
		return nil
	case reflect.Float64:
		return text(b, strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.String:
		return text(b, v.String())
	case reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64:
		return text(b, fmt.Sprint(v.Interface()))
	}
	return fmt.Errorf("a %s has no place in an answer", v.Type())
}

// writeMembers writes the members of a struct, those of embedded structs too.
func writeMembers(b *bytes.Buffer, v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if err := writeMembers(b, v.Field(i)); err != nil {
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
		if err := writeXML(b, name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func text(b *bytes.Buffer, s string) error { return xml.EscapeText(b, []byte(s)) }

package wire

import (
	"encoding/base64"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"time"
)

// maxMembers bounds a list or map in a form, and maxNesting the dots in a key: no
// service's members nest half as deep.
const (
	maxMembers = 1000
	maxNesting = 32
)

// decodeForm fills in from a query form and refuses what in does not declare.
func decodeForm(form url.Values, in any, operation, code string, flat func(member string) Flat) error {
	used := map[string]bool{}
	d := formDecoder{form: form, used: used, operation: operation, above: above(form), flat: flat}
	if err := d.fill(reflect.ValueOf(in).Elem(), ""); err != nil {
		return err
	}
	keys := make([]string, 0, len(form))
	for k := range form {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if !used[k] {
			return Unsupported(code, operation, k)
		}
	}
	return nil
}

// above are the keys with something below them, down to what members nest to.
func above(form url.Values) map[string]bool {
	keys := map[string]bool{}
	for k := range form {
		depth := 0
		for i := 0; i < len(k) && depth < maxNesting; i++ {
			if k[i] == '.' {
				keys[k[:i]] = true
				depth++
			}
		}
	}
	return keys
}

type formDecoder struct {
	form      url.Values
	used      map[string]bool
	operation string
	above     map[string]bool // keys with something below them
	flat      func(member string) Flat
}

func (d formDecoder) fill(v reflect.Value, prefix string) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if err := d.fill(v.Field(i), prefix); err != nil {
				return err
			}
			continue
		}
		name := f.Name
		if tag := f.Tag.Get("query"); tag != "" {
			name = tag
		}
		if d.flat != nil && flattens(f.Type) {
			name = d.flat(name).Element
		}
		if err := d.value(v.Field(i), prefix+name); err != nil {
			return err
		}
	}
	return nil
}

// flattens tells a list or map, which bytes are not.
func flattens(t reflect.Type) bool {
	return t.Kind() == reflect.Map || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
}

func (d formDecoder) value(v reflect.Value, key string) error {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Time]() {
			break
		}
		return d.fill(v, key+".")
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		return d.list(v, key)
	case reflect.Map:
		return d.entries(v, key)
	case reflect.Pointer:
		if !d.present(key) {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem(), key)
	}
	text, ok := d.form[key]
	if !ok || len(text) == 0 {
		return nil
	}
	d.used[key] = true
	return d.scalar(v, key, text[0])
}

func (d formDecoder) scalar(v reflect.Value, key, text string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return nil
	case reflect.Slice: // bytes: others are lists
		b, err := base64.StdEncoding.DecodeString(text)
		if err == nil {
			v.SetBytes(b)
			return nil
		}
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err == nil {
			v.SetBool(b)
			return nil
		}
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err == nil {
			v.SetFloat(n)
			return nil
		}
	case reflect.Struct: // a Time: the rest are filled in
		at, err := time.Parse(time.RFC3339, text)
		if err == nil {
			v.Set(reflect.ValueOf(At(at.UTC())))
			return nil
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err == nil {
			v.SetInt(n)
			return nil
		}
	}
	return Errorf("MalformedInput", 0, "%s: parameter %s has the unreadable value %q", d.operation, key, text)
}

// present tells whether the form has key itself or anything below it.
func (d formDecoder) present(key string) bool {
	if _, ok := d.form[key]; ok {
		return true
	}
	return d.above[key]
}

func (d formDecoder) list(v reflect.Value, key string) error {
	if d.form.Get(key) == "" { // an empty list is written as a name without a value
		d.used[key] = true
	}
	member := ".member."
	if d.flat != nil {
		member = "."
	}
	for n := 1; n <= maxMembers; n++ {
		at := key + member + strconv.Itoa(n)
		if !d.present(at) {
			return nil
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(item, at); err != nil {
			return err
		}
		v.Set(reflect.Append(v, item))
	}
	return nil
}

func (d formDecoder) entries(v reflect.Value, key string) error {
	entry := ".entry."
	if d.flat != nil {
		entry = "."
	}
	for n := 1; n <= maxMembers; n++ {
		at := key + entry + strconv.Itoa(n)
		nameKey, valueKey := at+".key", at+".value"
		for _, name := range []string{".Name", ".Key"} { // as SNS spells attributes, and SQS tags
			if !d.present(nameKey) {
				nameKey, valueKey = at+name, at+".Value"
			}
		}
		if !d.present(nameKey) {
			return nil
		}
		name := d.form.Get(nameKey)
		d.used[nameKey] = true
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(item, valueKey); err != nil {
			return err
		}
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf(name), item)
	}
	return nil
}

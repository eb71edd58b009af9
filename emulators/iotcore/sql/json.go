package sql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// appendJSON writes the value; Undefined members are left away.
func (v value) appendJSON(b []byte) []byte {
	switch v.kind {
	case nullKind:
		return append(b, "null"...)
	case boolKind:
		return strconv.AppendBool(b, v.b)
	case intKind, decimalKind:
		return append(b, formatNumber(v.n)...)
	case stringKind:
		return appendString(b, v.s)
	case arrayKind:
		b = append(b, '[')
		first := true
		for _, item := range v.a {
			if item.kind == undefinedKind {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = item.appendJSON(b)
		}
		return append(b, ']')
	case objectKind:
		b = append(b, '{')
		first := true
		for _, key := range v.o.keys {
			if v.o.values[key].kind == undefinedKind {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(appendString(b, key), ':')
			b = v.o.values[key].appendJSON(b)
		}
		return append(b, '}')
	}
	return b
}

func appendString(b []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return append(b, `""`...)
	}
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// maxDepth bounds how deep payloads and expressions nest.
const maxDepth = 128

// decodeJSON reads one JSON value, keeping the order of members.
func decodeJSON(text []byte) (value, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	v, err := decodeValue(dec, 0)
	if err != nil {
		return undefined, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return undefined, errors.New("more than one JSON value")
	}
	return v, nil
}

func decodeValue(dec *json.Decoder, depth int) (value, error) {
	if depth > maxDepth {
		return undefined, fmt.Errorf("JSON is nested deeper than %d", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return undefined, err
	}
	switch t := token.(type) {
	case nil:
		return null, nil
	case bool:
		return ofBool(t), nil
	case string:
		return ofString(t), nil
	case json.Number:
		return fromJSONNumber(t.String())
	case json.Delim:
		if t == '[' {
			return decodeArray(dec, depth)
		}
		return decodeObject(dec, depth)
	}
	return undefined, fmt.Errorf("unexpected token %v", token)
}

func fromJSONNumber(text string) (value, error) {
	d, ok := parseNumber(text)
	if !ok {
		return undefined, fmt.Errorf("number %.40s is out of range", text)
	}
	if strings.ContainsAny(text, ".eE") {
		return ofNumber(d), nil
	}
	return value{kind: intKind, n: d}, nil
}

func decodeArray(dec *json.Decoder, depth int) (value, error) {
	v := value{kind: arrayKind}
	for dec.More() {
		item, err := decodeValue(dec, depth+1)
		if err != nil {
			return undefined, err
		}
		v.a = append(v.a, item)
	}
	_, err := dec.Token()
	return v, err
}

func decodeObject(dec *json.Decoder, depth int) (value, error) {
	v := value{kind: objectKind, o: newObject()}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return undefined, err
		}
		item, err := decodeValue(dec, depth+1)
		if err != nil {
			return undefined, err
		}
		v.o.set(key.(string), item)
	}
	_, err := dec.Token()
	return v, err
}

package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// cborType is the content type of AWS's own CBOR: the JSON protocol with bodies in
// CBOR, data as byte strings and timestamps as milliseconds under tag 1, as the
// AWS SDK for Java speaks to Kinesis.
const cborType = "application/x-amz-cbor-1.1"

func isCBOR(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), cborType)
}

// timestampTag marks a number as a time.
const timestampTag = 1

var (
	cborDecode = must(cbor.DecOptions{
		MaxNestedLevels: 32, MaxArrayElements: 1 << 20, MaxMapPairs: 1 << 16, DupMapKey: cbor.DupMapKeyEnforcedAPF,
		DefaultMapType: reflect.TypeFor[map[string]any](), TimeTag: cbor.DecTagOptional,
	}.DecMode())
	cborEncode = must(cbor.EncOptions{}.EncMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err)
	}
	return mode
}

// Units of the number in a timestamp, a second's parts: AWS's own CBOR has
// milliseconds, Smithy's seconds.
const (
	inMilliseconds = 1000
	inSeconds      = 1
)

// decodeCBOR decodes strictly: it makes JSON of the body, which decides. The unit is
// that of timestamps.
func decodeCBOR(body []byte, in any, operation, code string, unit float64) error {
	if len(body) == 0 {
		return nil
	}
	var value any
	if err := cborDecode.Unmarshal(body, &value); err != nil {
		return Errorf("SerializationException", 0, "%s: %s", operation, err)
	}
	plain, err := plainOf(value, unit)
	if err != nil {
		return Errorf("SerializationException", 0, "%s: %s", operation, err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return Errorf("SerializationException", 0, "%s: %s", operation, err)
	}
	return decodeJSON(text, in, operation, code)
}

// plainOf makes what JSON has of what CBOR has: encoding/json writes byte strings
// in base64, as the JSON protocol does.
func plainOf(value any, unit float64) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		for k, item := range v {
			plain, err := plainOf(item, unit)
			if err != nil {
				return nil, err
			}
			v[k] = plain
		}
		return v, nil
	case []any:
		for i, item := range v {
			plain, err := plainOf(item, unit)
			if err != nil {
				return nil, err
			}
			v[i] = plain
		}
		return v, nil
	case time.Time: // tag 1, read as seconds
		return float64(v.Unix())/unit + float64(v.Nanosecond())/1e9/unit, nil
	case nil, bool, string, []byte, uint64, int64, float64:
		return v, nil
	}
	return nil, fmt.Errorf("a CBOR value of type %T has no place in a request", value)
}

func milliseconds(t Time) any { return t.UnixMilli() }
func seconds(t Time) any      { return float64(t.UnixMilli()) / 1000 }

// cborOf renders a response by the names and options of its json tags, and times as
// number says.
func cborOf(v reflect.Value, number func(Time) any) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return cborOf(v.Elem(), number)
	case reflect.Struct:
		if t, ok := v.Interface().(Time); ok {
			if t.IsZero() {
				return nil
			}
			return cbor.Tag{Number: timestampTag, Content: number(t)}
		}
		members := map[string]any{}
		addMembers(members, v, number)
		return members
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v.Bytes()
		}
		items := make([]any, v.Len())
		for i := range items {
			items[i] = cborOf(v.Index(i), number)
		}
		return items
	case reflect.Map:
		members := map[string]any{}
		for _, key := range v.MapKeys() {
			members[key.String()] = cborOf(v.MapIndex(key), number)
		}
		return members
	}
	return v.Interface()
}

// addMembers adds the members of a struct, those of embedded structs too.
func addMembers(members map[string]any, v reflect.Value, number func(Time) any) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			addMembers(members, v.Field(i), number)
		case !f.IsExported() || name == "-":
		case options == "omitempty" && isEmpty(v.Field(i)):
		case name == "":
			members[f.Name] = cborOf(v.Field(i), number)
		default:
			members[name] = cborOf(v.Field(i), number)
		}
	}
}

// isEmpty is encoding/json's notion of it.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func writeCBOR(w http.ResponseWriter, status int, out any, number func(Time) any) {
	body, err := cborEncode.Marshal(cborOf(reflect.ValueOf(out), number))
	if err != nil {
		writeCBORError(w, Errorf("InternalFailure", http.StatusInternalServerError, "encoding the answer: %s", err), number)
		return
	}
	w.WriteHeader(status)
	w.Write(body)
}

func writeCBORError(w http.ResponseWriter, e *Error, number func(Time) any) {
	shape := map[string]any{}
	for k, v := range e.Fields {
		shape[k] = cborOf(reflect.ValueOf(v), number)
	}
	shape["__type"], shape["message"] = e.Code, e.Message
	body, err := cborEncode.Marshal(shape)
	if err != nil {
		body = nil
	}
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.WriteHeader(e.HTTPStatus())
	w.Write(body)
}

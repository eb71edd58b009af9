package dynamodb

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// mistyped is the error of a JSON value where the request, in, has another type.
func mistyped(body []byte, in any, wrong *json.UnmarshalTypeError) error {
	return attribute.Mistyped(found(body, wrong), shapeOf(in, wrong), classOf(wrong.Type))
}

// found is the kind of the value, which ends at the offset when it is a literal.
func found(body []byte, wrong *json.UnmarshalTypeError) attribute.Found {
	text := string(body[:min(wrong.Offset, int64(len(body)))])
	switch kind, _, _ := strings.Cut(wrong.Value, " "); {
	case kind == "array":
		return attribute.FoundArray
	case kind == "object":
		return attribute.FoundObject
	case kind == "string":
		return attribute.FoundString
	case kind == "bool" && strings.HasSuffix(text, "true"):
		return attribute.FoundTrue
	case kind == "bool":
		return attribute.FoundFalse
	}
	digits := strings.TrimRight(text, "+-.0123456789eE")
	return attribute.FoundAt(text[len(digits):])
}

func shapeOf(in any, wrong *json.UnmarshalTypeError) attribute.Shape {
	switch wrong.Type.Kind() {
	case reflect.String:
		return attribute.StringShape
	case reflect.Bool:
		return attribute.BooleanShape
	case reflect.Int:
		return attribute.IntegerShape
	case reflect.Int64:
		return attribute.LongShape
	case reflect.Slice:
		return attribute.ListShape
	case reflect.Map:
		return attribute.MapShape
	}
	if holder(reflect.TypeOf(in), wrong.Field) {
		return attribute.ValueShape
	}
	return attribute.MemberShape
}

// holder tells whether the member at a path of a request is a list or map, so that
// what is wrong stands in it.
func holder(t reflect.Type, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		for t.Kind() != reflect.Struct {
			t = t.Elem()
		}
		field, ok := t.FieldByName(name)
		if !ok {
			return false
		}
		t = field.Type
	}
	return t.Kind() == reflect.Slice || t.Kind() == reflect.Map
}

var javaClasses = map[reflect.Kind]string{
	reflect.String: "class java.lang.String", reflect.Bool: "class java.lang.Boolean",
	reflect.Int: "class java.lang.Integer", reflect.Int64: "class java.lang.Long",
}

// classOf names a type of a request as the service's own language does.
func classOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Map:
		return "java.util.Map<java.lang.String, " + strings.TrimPrefix(classOf(t.Elem()), "class ") + ">"
	case reflect.Slice:
		return "java.util.List<" + strings.TrimPrefix(classOf(t.Elem()), "class ") + ">"
	case reflect.Struct:
		return "class com.amazonaws.dynamodb.v20120810." + t.Name()
	}
	return javaClasses[t.Kind()]
}

package attribute

import "github.com/shakedown-iot/shakedown/emulators/wire"

// Shape is what a request has at some place; messages name it as the service's own
// language does.
type Shape string

// Shapes of scalars.
const (
	StringShape  Shape = "String"
	BooleanShape Shape = "Boolean"
	IntegerShape Shape = "Integer"
	LongShape    Shape = "Long"
	BlobShape    Shape = "Blob"
)

// Shapes of places for collections: a structure as a member is told from one in a
// list or a map.
const (
	ListShape   Shape = "list"
	MapShape    Shape = "map"
	MemberShape Shape = "member"
	ValueShape  Shape = "value"
)

// Found is a kind of JSON value.
type Found string

// Kinds of JSON values, in the words of the service's parser.
const (
	FoundString  Found = "STRING_VALUE"
	FoundTrue    Found = "TRUE_VALUE"
	FoundFalse   Found = "FALSE_VALUE"
	FoundNumber  Found = "NUMBER_VALUE"
	FoundDecimal Found = "DECIMAL_VALUE"
	FoundObject  Found = "START_OBJECT"
	FoundArray   Found = "START_ARRAY"
)

const shapes = "com.amazonaws.dynamodb.v20120810."

// ofValue is the type of a map of attribute values.
const ofValue = "java.util.Map<java.lang.String, " + shapes + "AttributeValue>"

// Mistyped is the error of a JSON value where the request has another shape; class
// is the type of a structure or map in the service's language.
func Mistyped(found Found, want Shape, class string) error {
	return wire.Errorf("SerializationException", 0, "%s", mistyped(found, want, class))
}

func mistyped(found Found, want Shape, class string) string {
	switch {
	case found == FoundArray:
		return "Unrecognized collection type " + class
	case found == FoundObject:
		return "Start of structure or map found where not expected"
	case want == BlobShape:
		return "only base-64-encoded strings are convertible to bytes"
	case want == BooleanShape && found == FoundString:
		return "Unexpected token received from parser"
	case want == ListShape || want == MapShape || want == MemberShape:
		return "Unexpected field type"
	case want == ValueShape:
		return "Unexpected value type in payload"
	}
	return string(found) + " cannot be converted to " + string(want)
}

package expression

import "github.com/shakedown-iot/shakedown/emulators/wire"

// Kind is the request member that an expression came in; messages name it.
type Kind string

// The kinds of expressions.
const (
	ConditionKind    Kind = "ConditionExpression"
	FilterKind       Kind = "FilterExpression"
	KeyConditionKind Kind = "KeyConditionExpression"
	UpdateKind       Kind = "UpdateExpression"
	ProjectionKind   Kind = "ProjectionExpression"
)

// invalid is an error of the expression itself.
func (k Kind) invalid(format string, args ...any) error {
	e := wire.Errorf("ValidationException", 0, format, args...)
	e.Message = "Invalid " + string(k) + ": " + e.Message
	return e
}

// refuse is an error found while evaluating, or one that names no kind.
func refuse(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}

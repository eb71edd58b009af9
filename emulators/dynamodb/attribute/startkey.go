package attribute

import (
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// StartKey is the key that a page goes on from.
type StartKey Item

// startKeyErrors begin the errors that name the starting key; others do not.
var startKeyErrors = []string{
	"Supplied AttributeValue ",
	"One or more parameter values were invalid: Null attribute value",
	"One or more parameter values were invalid: An string set  may not be empty",
	"One or more parameter values were invalid: Binary sets should not be empty",
}

// UnmarshalJSON reads a map of values.
func (k *StartKey) UnmarshalJSON(b []byte) error {
	var i Item
	err := i.UnmarshalJSON(b)
	if e, ok := err.(*wire.Error); ok {
		for _, start := range startKeyErrors {
			if strings.HasPrefix(e.Message, start) {
				return invalid("The provided starting key is invalid: %s", e.Message)
			}
		}
	}
	*k = StartKey(i)
	return err
}

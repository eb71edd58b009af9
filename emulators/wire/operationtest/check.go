package operationtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// check compares the table with what the clients know and the service does; it
// answers what is wrong, a line each. An operation that is nil is known, but
// looked at by another client's Check.
func (t table) check(ctx context.Context, known map[string]operation, succeeded map[string]bool) []string {
	var wrong []string
	if len(known) == 0 {
		wrong = append(wrong, "the client has no operations")
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		switch {
		case !t.implemented[name] && !t.refused[name]:
			wrong = append(wrong, name+" is not in the operation table")
		case t.implemented[name] && !succeeded[name] && known[name] != nil:
			wrong = append(wrong, name+" is said to be implemented, but no call of it succeeded")
		case t.refused[name] && known[name] != nil:
			if err := known[name](ctx); !isRefusal(name, err) {
				wrong = append(wrong, fmt.Sprintf("%s is said to be refused, but answers: %v", name, err))
			}
		}
	}
	for _, name := range t.names() {
		if _, ok := known[name]; !ok {
			wrong = append(wrong, name+" is in the operation table, but the SDK does not know it")
		}
	}
	return wrong
}

// isRefusal wants a typed error that names the operation.
func isRefusal(name string, err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() == "" {
		return false
	}
	text := api.ErrorMessage()
	return strings.Contains(text, name) && strings.Contains(text, "not implemented by Shakedown")
}

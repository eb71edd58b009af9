package operationtest

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RequireCode wants the error of a service, as a client has it or as the service itself
// returns it, by its code and parts of its message.
func RequireCode(t testing.TB, err error, code string, parts ...string) {
	t.Helper()
	got, message := codeOf(err)
	if got != code {
		t.Fatalf("want the error code %s, have %v", code, err)
	}
	for _, part := range parts {
		if !strings.Contains(message, part) {
			t.Fatalf("want an error that has %q, have %v", part, err)
		}
	}
}

// codeOf takes apart the error of a service; of any other error the code is empty.
func codeOf(err error) (code, message string) {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode(), api.ErrorMessage()
	}
	if own, ok := errors.AsType[*wire.Error](err); ok {
		return own.Code, own.Message
	}
	return "", ""
}

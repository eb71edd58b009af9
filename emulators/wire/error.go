package wire

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an AWS service error: a code that SDKs turn into a typed exception,
// a message for people, and the HTTP status it travels with.
type Error struct {
	Code    string
	Message string
	// Status is the HTTP status; zero means 400.
	Status int
	// Fields are further members of the error's shape, such as
	// RejectedRecords of a RejectedRecordsException. JSON protocols only.
	Fields map[string]any
	// Cause is what it was made of, for this process alone; it may be nil.
	Cause error
}

// Errorf makes an Error with a formatted message. Status 0 means 400.
func Errorf(code string, status int, format string, args ...any) *Error {
	return &Error{Code: code, Status: status, Message: fmt.Sprintf(format, args...)}
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Because is the error with a cause.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// HTTPStatus is the status the error travels with.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// AsError finds the Error in err's chain. Any other error is an internal
// failure of the emulator.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Errorf("InternalFailure", http.StatusInternalServerError, "%s", err)
}

// IsCode tells whether err is an AWS error with this code.
func IsCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// NotImplemented is the refusal of an operation that AWS has and Shakedown has
// not (yet): code is the service's own code for an operation it does not know.
func NotImplemented(code, operation string) *Error {
	return Errorf(code, http.StatusNotImplemented, "%s is not implemented by Shakedown", operation)
}

// Unsupported is the refusal of a member of a request that is not implemented.
func Unsupported(code, operation, member string) *Error {
	return Errorf(code, 0, "%s: member %.200q is not implemented by Shakedown (or is not a member of this request)", operation, member)
}

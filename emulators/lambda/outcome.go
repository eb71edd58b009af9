package lambda

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

// unhandled is the value of X-Amz-Function-Error that the Go runtime causes.
const unhandled = "Unhandled"

// functionError is the error object of a failed invocation.
// See https://docs.aws.amazon.com/lambda/latest/dg/golang-exceptions.html
type functionError struct {
	ErrorMessage string `json:"errorMessage"`
	ErrorType    string `json:"errorType,omitempty"`
}

func (e functionError) result(c call) Result {
	payload, err := json.Marshal(e)
	if err != nil {
		payload = []byte(`{"errorMessage":"unknown"}`)
	}
	return Result{Payload: payload, FunctionError: unhandled, RequestID: c.id}
}

// failed reports a handler's error as the Go runtime does: the type is the
// name of the error's Go type.
func failed(c call, err error) Result {
	if own, ok := err.(messages.InvokeResponse_Error); ok { // as the runtime: not when wrapped
		return functionError{ErrorMessage: own.Message, ErrorType: own.Type}.result(c)
	}
	return functionError{ErrorMessage: err.Error(), ErrorType: typeName(err)}.result(c)
}

func panicked(c call, value any) Result {
	return functionError{ErrorMessage: fmt.Sprint(value), ErrorType: typeName(value)}.result(c)
}

func timedOut(c call) Result {
	return functionError{
		ErrorType:    "Sandbox.Timedout",
		ErrorMessage: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", c.id, c.timeout.Seconds()),
	}.result(c)
}

func tooLarge(c call) Result {
	return functionError{
		ErrorType:    "Function.ResponseSizeTooLarge",
		ErrorMessage: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse),
	}.result(c)
}

func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t == nil {
		return ""
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// errorText is one line about a failed Result, for logs and taps.
func errorText(r Result) string {
	var e functionError
	if json.Unmarshal(r.Payload, &e) != nil || (e.ErrorType == "" && e.ErrorMessage == "") {
		return r.FunctionError
	}
	if e.ErrorType == "" {
		return e.ErrorMessage
	}
	return e.ErrorType + ": " + e.ErrorMessage
}

package process

import (
	"encoding/json"
	"fmt"
	"time"
)

// MaxPayload bounds what a function answers, in bytes.
const MaxPayload = 6291556

// Invocation is one call of a function.
type Invocation struct {
	ID      string
	Payload []byte
	Timeout time.Duration
	// ClientContext is JSON or empty.
	ClientContext string
	// ARN is what was invoked, with a qualifier where there was one.
	ARN string
}

// Outcome is how an invocation ended.
type Outcome struct {
	Payload []byte
	// Failed tells a function error; Payload is the error object then.
	Failed bool
	// Log is the last 4 KB of what was logged.
	Log []byte

	note string // for the log, where the runtime itself reports
}

// failure makes the outcome of a function error that the runtime itself reports.
func failure(kind, text string) Outcome {
	payload, err := json.Marshal(struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}{kind, text})
	if err != nil {
		payload = []byte(`{"errorType":"Runtime.Unknown"}`)
	}
	return Outcome{Payload: payload, Failed: true, note: text + " (" + kind + ")"}
}

// status is how an invocation ended, and the type of its error.
func (o Outcome) status() (status, kind string) {
	if !o.Failed {
		return "success", ""
	}
	var e struct{ ErrorType string }
	if json.Unmarshal(o.Payload, &e) != nil {
		return "error", ""
	}
	switch {
	case o.note == "": // the function's own
		return "error", e.ErrorType
	case e.ErrorType == "Sandbox.Timedout":
		return "timeout", e.ErrorType
	}
	return "failure", e.ErrorType
}

// The errors of the runtime.
// See https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
func timedOut(inv Invocation) Outcome {
	return failure("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", inv.ID, inv.Timeout.Seconds()))
}

func exited(inv Invocation, how error) Outcome {
	if how == nil {
		return failure("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: Runtime exited without providing a reason", inv.ID))
	}
	return failure("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", inv.ID, how))
}

func invalidEntrypoint(inv Invocation, why error) Outcome {
	return failure("Runtime.InvalidEntrypoint", fmt.Sprintf("RequestId: %s Error: %s", inv.ID, why))
}

func tooLarge() Outcome {
	return failure("Function.ResponseSizeTooLarge", fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload))
}

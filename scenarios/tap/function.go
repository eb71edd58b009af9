package tap

import "github.com/shakedown-iot/shakedown/emulators/lambda"

// Function keeps the errors of functions for the report.
func (t Tap) Function(e lambda.Event) {
	t.countFunction(e)
	if e.Err != "" {
		t.Trouble("function "+e.Function+": "+string(e.Kind), e.Err)
	}
}

// countFunction counts invocations.
func (t Tap) countFunction(e lambda.Event) {
	switch e.Kind {
	case lambda.Invoked:
		t.Quotas.Invoke(e.Mapping, e.At)
	case lambda.Succeeded, lambda.Failed, lambda.BatchFailed:
		t.Quotas.Return(e.At)
	}
}

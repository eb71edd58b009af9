package dynamodb

import (
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CancellationReason is why a part cancelled its transaction; Code is None for a
// part that did not.
type CancellationReason struct {
	Code    string
	Message *string        `json:",omitempty"`
	Item    attribute.Item `json:",omitempty"`
}

// cancelled is the error of a transaction, if any part has one.
func cancelled(parts []error) error {
	reasons, failed := make([]CancellationReason, len(parts)), false
	for i, err := range parts {
		reasons[i] = reason(err)
		failed = failed || err != nil
	}
	if !failed {
		return nil
	}
	return cancellation(reasons)
}

func cancellation(reasons []CancellationReason) error {
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	e := wire.Errorf("TransactionCanceledException", 0, "Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", "))
	e.Fields = map[string]any{"CancellationReasons": reasons}
	return e
}

// reason is the error of a part as a reason.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
func reason(err error) CancellationReason {
	if err == nil {
		return CancellationReason{Code: "None"}
	}
	e := wire.AsError(err)
	r := CancellationReason{Code: "ValidationError", Message: &e.Message}
	switch e.Code {
	case "ConditionalCheckFailedException":
		r.Code = "ConditionalCheckFailed"
		r.Item, _ = e.Fields["Item"].(attribute.Item)
	case overProvisioned:
		r.Code = "ProvisionedThroughputExceeded"
	case overMaximum, overAccount:
		r.Code = "ThrottlingError"
	}
	return r
}

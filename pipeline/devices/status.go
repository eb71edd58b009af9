package devices

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// StatusEvent is what the rule DeviceStatus selects: the device's own words, the
// topic's thing, and the cloud's time.
type StatusEvent struct {
	Status string `json:"status"`
	// Timestamp is the device's, in float seconds (the source's firmware) or in
	// integer ms; it is not used: the cloud's clock decides.
	Timestamp json.RawMessage `json:"timestamp"`
	Thing     string          `json:"thing"`
	// Received is the cloud's clock at the rule, in ms since the epoch.
	Received int64 `json:"received"`
}

// StatusHandler is the function behind the status topic.
type StatusHandler struct{ store store }

// NewStatusHandler makes a StatusHandler.
func NewStatusHandler(cfg aws.Config, table string) *StatusHandler {
	return &StatusHandler{store{dynamodb.NewFromConfig(cfg), table}}
}

// Handle notes what the device says. The broker publishes a last will "offline"
// in the device's name: that is a report and no sign of life.
func (h *StatusHandler) Handle(ctx context.Context, e StatusEvent) error {
	if e.Thing == "" || e.Status == "" || e.Received <= 0 {
		return errors.New("status event: thing, status or received is missing")
	}
	iso := telemetry.ISO(time.UnixMilli(e.Received))
	_, err := h.store.apply(ctx, e.Thing, change{
		update:    "SET reported = :status, reportedAt = :at",
		condition: "attribute_not_exists(reportedAt) OR reportedAt <= :at",
		values:    map[string]types.AttributeValue{":status": text(e.Status), ":at": text(iso)},
	})
	if err != nil || e.Status == Offline {
		return err
	}
	return h.store.seen(ctx, e.Thing, iso)
}

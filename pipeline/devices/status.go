package devices

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
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
	// Command, ID, Result and Detail answer a command: its action and id, what
	// became of it ("done", "refused"), and why. Whatever a device puts there does
	// not keep its status from being heard.
	Command json.RawMessage `json:"command"`
	ID      json.RawMessage `json:"id"`
	Result  json.RawMessage `json:"result"`
	Detail  json.RawMessage `json:"detail"`
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
	if err := h.answered(ctx, e, iso); err != nil {
		return err
	}
	return h.store.seen(ctx, e.Thing, iso)
}

// maxAnswer bounds each text of an answer that is kept, in bytes.
const maxAnswer = 256

// answered keeps the newest answer to a command, so that who sent one through the
// device API sees there what became of it.
func (h *StatusHandler) answered(ctx context.Context, e StatusEvent, iso string) error {
	if len(e.Command) == 0 {
		return nil
	}
	answer := map[string]types.AttributeValue{"at": text(iso)}
	for name, raw := range map[string]json.RawMessage{"action": e.Command, "id": e.ID, "result": e.Result, "detail": e.Detail} {
		if value := plainText(raw); value != "" {
			answer[name] = text(strings.ToValidUTF8(value[:min(len(value), maxAnswer)], ""))
		}
	}
	_, err := h.store.apply(ctx, e.Thing, change{
		update:    "SET answer = :answer, answeredAt = :at",
		condition: "attribute_not_exists(answeredAt) OR answeredAt <= :at",
		values:    map[string]types.AttributeValue{":answer": &types.AttributeValueMemberM{Value: answer}, ":at": text(iso)},
	})
	return err
}

// plainText is a JSON value as text: what stands in the quotes of a string.
func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

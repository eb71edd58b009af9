package devices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
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

// PresenceEvent is a lifecycle event of AWS IoT, as the rule DevicePresence
// passes it on.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
type PresenceEvent struct {
	ClientID         string `json:"clientId"`
	Timestamp        int64  `json:"timestamp"` // ms
	EventType        string `json:"eventType"`
	VersionNumber    *int64 `json:"versionNumber"`
	DisconnectReason string `json:"disconnectReason"`
}

// versionReset is how long after its last event a lower version number is
// taken as a new count: AWS resets it after about an hour offline (AWS.md §1).
const versionReset = time.Hour

// PresenceHandler is the function behind lifecycle events.
type PresenceHandler struct{ store store }

// NewPresenceHandler makes a PresenceHandler.
func NewPresenceHandler(cfg aws.Config, table string) *PresenceHandler {
	return &PresenceHandler{store{dynamodb.NewFromConfig(cfg), table}}
}

// Handle notes a connection or its end. Both events of a connection have one
// version number, and the end is later; a higher number is a later connection.
// Other kinds of events are not its business.
func (h *PresenceHandler) Handle(ctx context.Context, e PresenceEvent) error {
	if e.EventType != "connected" && e.EventType != "disconnected" {
		return nil
	}
	if e.ClientID == "" || e.VersionNumber == nil || e.Timestamp <= 0 {
		return fmt.Errorf("presence event %s: clientId, timestamp or versionNumber is missing", e.EventType)
	}
	connected := e.EventType == "connected"
	iso := telemetry.ISO(time.UnixMilli(e.Timestamp))
	c := change{
		update: "SET connected = :connected, presenceVersion = :version, presenceAt = :at",
		condition: "attribute_not_exists(presenceVersion) OR presenceVersion < :version" +
			" OR (presenceVersion = :version AND presenceAt <= :at) OR presenceAt < :reset",
		values: map[string]types.AttributeValue{
			":connected": &types.AttributeValueMemberBOOL{Value: connected},
			":version":   &types.AttributeValueMemberN{Value: strconv.FormatInt(*e.VersionNumber, 10)},
			":at":        text(iso),
			":reset":     text(telemetry.ISO(time.UnixMilli(e.Timestamp).Add(-versionReset))),
		},
	}
	if connected {
		// The end of the same connection may have come before it.
		c.condition = "attribute_not_exists(presenceVersion) OR presenceVersion < :version OR presenceAt < :reset"
		c.update += " REMOVE disconnectReason"
	} else {
		c.update += ", disconnectReason = :reason"
		c.values[":reason"] = text(e.DisconnectReason)
	}
	if _, err := h.store.apply(ctx, e.ClientID, c); err != nil || !connected {
		return err
	}
	return h.store.seen(ctx, e.ClientID, iso)
}

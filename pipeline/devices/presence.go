package devices

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

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

// versionReset is how far apart two events of a device are whose versions cannot
// be compared: AWS counts from 0 again after "approximately one hour" offline.
// Half of that is wrong for neither count.
const versionReset = 30 * time.Minute

// PresenceHandler is the function behind lifecycle events.
type PresenceHandler struct{ store store }

// NewPresenceHandler makes a PresenceHandler.
func NewPresenceHandler(cfg aws.Config, table string) *PresenceHandler {
	return &PresenceHandler{store{dynamodb.NewFromConfig(cfg), table}}
}

// Handle notes a connection or its end, where that is news: events may come
// twice and in any order (AWS.md §1). Other kinds of events are not its business.
//
//	stored is             the event is news
//	older by half an hour    yes
//	newer by half an hour    no: it is late, whatever its version
//	of that time             with a higher version; a connection's end has the
//	                         version of its beginning and comes after it
func (h *PresenceHandler) Handle(ctx context.Context, e PresenceEvent) error {
	if e.EventType != "connected" && e.EventType != "disconnected" {
		return nil
	}
	if e.ClientID == "" || e.VersionNumber == nil || e.Timestamp <= 0 {
		return fmt.Errorf("presence event %s: clientId, timestamp or versionNumber is missing", e.EventType)
	}
	if _, err := h.store.apply(ctx, e.ClientID, e.change()); err != nil || e.EventType == "disconnected" {
		return err
	}
	return h.store.seen(ctx, e.ClientID, e.iso(0))
}

// iso is the event's time and d.
func (e PresenceEvent) iso(d time.Duration) string {
	return telemetry.ISO(time.UnixMilli(e.Timestamp).Add(d))
}

func (e PresenceEvent) change() change {
	c := change{
		update: "SET connected = :connected, presenceVersion = :version, presenceAt = :at",
		values: map[string]types.AttributeValue{
			":connected": &types.AttributeValueMemberBOOL{Value: e.EventType == "connected"},
			":version":   &types.AttributeValueMemberN{Value: strconv.FormatInt(*e.VersionNumber, 10)},
			":at":        text(e.iso(0)),
			":before":    text(e.iso(-versionReset)),
			":after":     text(e.iso(versionReset)),
		},
	}
	higher := "presenceVersion < :version"
	if e.EventType == "connected" {
		c.update += " REMOVE disconnectReason"
	} else {
		higher = "presenceVersion <= :version"
		c.update += ", disconnectReason = :reason"
		c.values[":reason"] = text(e.DisconnectReason)
	}
	c.condition = "attribute_not_exists(presenceVersion) OR presenceAt < :before OR (presenceAt <= :after AND " + higher + ")"
	return c
}

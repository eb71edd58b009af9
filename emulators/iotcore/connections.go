package iotcore

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type deleteConnectionInput struct {
	ClientID           string `json:"-" path:"clientId"`
	CleanSession       bool   `json:"-" query:"cleanSession"`
	PreventWillMessage bool   `json:"-" query:"preventWillMessage"`
}

type deleteConnectionOutput struct{}

// deleteConnection disconnects a client, or ends the session of one that is away.
// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteConnection.html
func (c *Core) deleteConnection(_ context.Context, in *deleteConnectionInput) (_ *deleteConnectionOutput, err error) {
	defer func() { c.logCall(logging.Entry{EventType: "DeleteConnection", ClientID: in.ClientID}, err) }()
	if err := checkClientID("DeleteConnection", in.ClientID); err != nil {
		return nil, err
	}
	if !c.broker.Evict(in.ClientID, in.CleanSession, in.PreventWillMessage) {
		return nil, noConnection("DeleteConnection", in.ClientID)
	}
	return &deleteConnectionOutput{}, nil
}

// checkClientID refuses ids that no client may have; those that the broker gave are taken.
func checkClientID(operation, id string) error {
	if strings.HasPrefix(id, "$") && !strings.HasPrefix(id, broker.GeneratedID) {
		return invalid("%s: client id %s: a leading $ is reserved", operation, id)
	}
	return nil
}

func noConnection(operation, id string) error {
	return wire.Errorf("ResourceNotFoundException", http.StatusNotFound,
		"%s: client %s is not connected and has no persistent session", operation, id)
}

type getConnectionInput struct {
	ClientID string `json:"-" path:"clientId"`
	Socket   bool   `json:"-" query:"includeSocketInformation"`
}

// getConnectionOutput has the times in milliseconds, the durations in seconds.
type getConnectionOutput struct {
	ClientID          string `json:"clientId"`
	Connected         bool   `json:"connected"`
	CleanSession      bool   `json:"cleanSession"`
	SessionExpiry     int64  `json:"sessionExpiry"`
	ConnectedSince    int64  `json:"connectedSince,omitempty"`
	DisconnectedSince int64  `json:"disconnectedSince,omitempty"`
	DisconnectReason  string `json:"disconnectReason,omitempty"`
	KeepAliveDuration *int   `json:"keepAliveDuration,omitempty"`
	ThingName         string `json:"thingName,omitempty"`
	SourceIP          string `json:"sourceIp,omitempty"`
	SourcePort        int    `json:"sourcePort,omitempty"`
	TargetIP          string `json:"targetIp,omitempty"`
	TargetPort        int    `json:"targetPort,omitempty"`
}

// getConnection tells of a client's connection, or of its last one for half an hour.
// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html
func (c *Core) getConnection(_ context.Context, in *getConnectionInput) (*getConnectionOutput, error) {
	if err := checkClientID("GetConnection", in.ClientID); err != nil {
		return nil, err
	}
	found, ok := c.broker.Connection(in.ClientID)
	if !ok {
		return nil, noConnection("GetConnection", in.ClientID)
	}
	out := &getConnectionOutput{
		ClientID: found.ClientID, Connected: found.Connected, CleanSession: found.Session == 0,
		SessionExpiry: int64(found.Session / time.Second), DisconnectReason: found.Reason, ThingName: found.Thing,
	}
	if found.Since.IsZero() {
		return out, nil
	}
	keepAlive := int(found.KeepAlive)
	out.KeepAliveDuration = &keepAlive
	if out.ConnectedSince = found.Since.UnixMilli(); !found.Connected {
		out.ConnectedSince, out.DisconnectedSince = 0, out.ConnectedSince
	}
	if in.Socket && found.Source.IsValid() {
		out.SourceIP, out.SourcePort = found.Source.Addr().String(), int(found.Source.Port())
	}
	if in.Socket && found.Target.IsValid() {
		out.TargetIP, out.TargetPort = found.Target.Addr().String(), int(found.Target.Port())
	}
	return out, nil
}

type listSubscriptionsInput struct {
	ClientID   string `json:"-" path:"clientId"`
	MaxResults *int   `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

type listSubscriptionsOutput struct {
	Subscriptions []subscriptionSummary `json:"subscriptions"`
	NextToken     string                `json:"nextToken,omitempty"`
}

type subscriptionSummary struct {
	TopicFilter string `json:"topicFilter"`
	QoS         byte   `json:"qos"`
}

// Pages of ListSubscriptions.
const (
	subscriptionsPage    = 20
	maxSubscriptionsPage = 200
)

// listSubscriptions tells what a client is subscribed to, also while it is away.
// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListSubscriptions.html
func (c *Core) listSubscriptions(_ context.Context, in *listSubscriptionsInput) (*listSubscriptionsOutput, error) {
	if err := checkClientID("ListSubscriptions", in.ClientID); err != nil {
		return nil, err
	}
	size := subscriptionsPage
	if in.MaxResults != nil {
		size = *in.MaxResults
	}
	if size < 1 || size > maxSubscriptionsPage {
		return nil, invalid("ListSubscriptions: maxResults is 1 to %d, not %d", maxSubscriptionsPage, size)
	}
	all, ok := c.broker.Subscriptions(in.ClientID)
	if !ok {
		return nil, noConnection("ListSubscriptions", in.ClientID)
	}
	page, next, err := registry.Page(all, size, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listSubscriptionsOutput{Subscriptions: []subscriptionSummary{}, NextToken: next}
	for _, s := range page {
		out.Subscriptions = append(out.Subscriptions, subscriptionSummary{s.Filter, s.QoS})
	}
	return out, nil
}

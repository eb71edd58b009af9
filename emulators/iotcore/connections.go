package iotcore

import (
	"context"
	"net/http"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
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
	if strings.HasPrefix(in.ClientID, "$") && !strings.HasPrefix(in.ClientID, broker.GeneratedID) {
		return nil, invalid("DeleteConnection: client id %s: a leading $ is reserved", in.ClientID)
	}
	if !c.broker.Evict(in.ClientID, in.CleanSession, in.PreventWillMessage) {
		return nil, wire.Errorf("ResourceNotFoundException", http.StatusNotFound,
			"DeleteConnection: client %s is not connected and has no persistent session", in.ClientID)
	}
	return &deleteConnectionOutput{}, nil
}

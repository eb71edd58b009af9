package iotcore

import (
	"context"
	"net/http"
	"strings"

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
	if strings.HasPrefix(in.ClientID, "$") && !strings.HasPrefix(in.ClientID, generatedID) {
		return nil, invalid("DeleteConnection: client id %s: a leading $ is reserved", in.ClientID)
	}
	if !c.broker.evict(in.ClientID, in.CleanSession, in.PreventWillMessage) {
		return nil, wire.Errorf("ResourceNotFoundException", http.StatusNotFound,
			"DeleteConnection: client %s is not connected and has no persistent session", in.ClientID)
	}
	return &deleteConnectionOutput{}, nil
}

// evict ends a client's connection as the API does; clean ends its session too,
// quiet is without its will. It reports whether there was a connection or session.
func (b *broker) evict(clientID string, clean, quiet bool) bool {
	b.mu.Lock()
	s := b.sessions[clientID]
	if s == nil {
		b.mu.Unlock()
		return false
	}
	l := s.link
	switch {
	case l != nil && clean:
		s.doomed = true // whatever expiry its DISCONNECT asks for
	case l == nil && clean:
		s.expiry.Stop()
		b.forget(s, "the API ended the session")
	}
	b.mu.Unlock()
	b.rehome()
	if l != nil {
		if quiet {
			l.quiet.Store(true)
		}
		l.stop(apiInitiated, "the API disconnected the client")
	}
	return true
}

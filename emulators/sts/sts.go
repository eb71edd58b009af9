// Package sts is Security Token Service as far as clients need it to find out who
// they are: GetCallerIdentity. Credentials are not checked, so every caller is the
// account's root user.
//
// # Operations
//
//	GetCallerIdentity
//
// Refused by name:
//
//	AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot
//	DecodeAuthorizationMessage GetAccessKeyInfo GetDelegatedAccessToken
//	GetFederationToken GetSessionToken GetWebIdentityToken
package sts

import (
	"context"
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// State is the account that callers belong to.
type State struct{ id wire.Identity }

// New makes a State.
func New(id wire.Identity) *State { return &State{id.OrDefault()} }

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.Query{
		Namespace:  "https://sts.amazonaws.com/doc/2011-06-15/",
		Version:    "2011-06-15",
		Operations: map[string]wire.Operation{"GetCallerIdentity": wire.Op(s.GetCallerIdentity)},
	}
}

// GetCallerIdentityInput has no members.
type GetCallerIdentityInput struct{}

// GetCallerIdentityOutput names the caller.
type GetCallerIdentityOutput struct {
	Arn     string
	UserId  string
	Account string
}

// GetCallerIdentity answers the account's root user.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (s *State) GetCallerIdentity(context.Context, *GetCallerIdentityInput) (*GetCallerIdentityOutput, error) {
	return &GetCallerIdentityOutput{"arn:aws:iam::" + s.id.Account + ":root", s.id.Account, s.id.Account}, nil
}

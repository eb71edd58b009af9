package registry

import (
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
	iam "github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Assume tells for how long a certificate gets credentials of the role that an alias
// stands for. The thing is whom the device says it is, or empty. The errors are those of
// the credentials provider, in its order.
// https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
func (s *State) Assume(certificate, thing, alias string) (time.Duration, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, policies := s.granted(certificate, thing)
	if thing != "" && g.Thing != thing {
		return 0, wire.Errorf(codeDenied, 403, "Invalid thing name passed")
	}
	s.addDocuments(&g, policies)
	request := g.Request("")
	request.Action, request.Resource = "iot:AssumeRoleWithCertificate", s.aliasARN(alias)
	if policy.Evaluate(g.Documents, request) != policy.Allow {
		return 0, wire.Errorf(codeDenied, 403, "Access Denied")
	}
	a := s.aliases[alias]
	if a == nil {
		return 0, wire.Errorf(codeNotFound, 404, "Role alias does not exist")
	}
	length := time.Duration(a.seconds) * time.Second
	return length, s.mayAssume(a, length)
}

// codeDenied is the error type of what a device may not.
const codeDenied = "AccessDeniedException"

// mayAssume asks whether the credentials provider may assume the role for that long.
func (s *State) mayAssume(a *roleAlias, length time.Duration) error {
	if s.config.Roles == nil {
		return nil
	}
	err := s.config.Roles.Decide(iam.Use{
		Caller: iam.Caller{Service: "credentials.iot.amazonaws.com", SourceARN: s.aliasARN(a.name), SourceAccount: s.config.Identity.Account},
		Role:   a.role, Session: length,
	})
	if refusal, ok := errors.AsType[*iam.Refusal](err); ok && refusal.Long {
		return wire.Errorf(codeInvalid, 400, "The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role (%s)", err).Because(err)
	}
	if err != nil {
		return wire.Errorf(codeInvalid, 400, "Unable to assume the role, or the role to assume does not exist (%s)", err).Because(err)
	}
	return nil
}

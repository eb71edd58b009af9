package registry

import (
	"context"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxAuthInfos is the most questions of one TestAuthorization.
// https://docs.aws.amazon.com/iot/latest/apireference/API_TestAuthorization.html
const maxAuthInfos = 10

// actionTypes are the policy actions that TestAuthorization asks about.
// https://docs.aws.amazon.com/iot/latest/apireference/API_AuthInfo.html
var actionTypes = map[string]string{
	"CONNECT": "iot:Connect", "PUBLISH": "iot:Publish", "RECEIVE": "iot:Receive", "SUBSCRIBE": "iot:Subscribe",
}

// TestAuthorizationInput is the request of TestAuthorization.
type TestAuthorizationInput struct {
	ClientID              string     `json:"-" query:"clientId"`
	Principal             string     `json:"principal"`
	CognitoIdentityPoolID string     `json:"cognitoIdentityPoolId"`
	AuthInfos             []AuthInfo `json:"authInfos"`
	PolicyNamesToAdd      []string   `json:"policyNamesToAdd"`
	PolicyNamesToSkip     []string   `json:"policyNamesToSkip"`
}

// AuthInfo asks whether an action, such as PUBLISH, is allowed on all resources, which
// are ARNs.
type AuthInfo struct {
	ActionType string   `json:"actionType"`
	Resources  []string `json:"resources"`
}

// TestAuthorizationOutput has one result for each AuthInfo.
type TestAuthorizationOutput struct {
	AuthResults []AuthResult `json:"authResults"`
}

// TestAuthorization tells what the policies in effect for a principal say, as they say it
// to the broker: those of a certificate that is not ACTIVE say nothing. Of a policy that
// is both to add and to skip, nothing counts.
func (s *State) TestAuthorization(_ context.Context, in *TestAuthorizationInput) (*TestAuthorizationOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	request, names, err := s.principalPolicies(in.Principal, in.ClientID)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Concat(in.PolicyNamesToAdd, in.PolicyNamesToSkip) {
		if s.policies[name] == nil {
			return nil, notFound("Policy %s not found.", name)
		}
	}
	names = maps.Clone(names)
	if names == nil {
		names = map[string]bool{}
	}
	for _, name := range in.PolicyNamesToAdd {
		names[name] = true
	}
	for _, name := range in.PolicyNamesToSkip {
		delete(names, name)
	}
	out := &TestAuthorizationOutput{AuthResults: []AuthResult{}}
	for _, info := range in.AuthInfos {
		out.AuthResults = append(out.AuthResults, s.decide(info, sortedKeys(names), request))
	}
	return out, nil
}

func (in *TestAuthorizationInput) check() error {
	if in.CognitoIdentityPoolID != "" {
		return invalid("TestAuthorization: cognitoIdentityPoolId is not implemented by Shakedown")
	}
	if in.Principal == "" {
		return invalid("TestAuthorization wants a principal")
	}
	if n := len(in.AuthInfos); n == 0 || n > maxAuthInfos {
		return invalid("%d authInfos are not between 1 and %d", n, maxAuthInfos)
	}
	for _, info := range in.AuthInfos {
		if actionTypes[info.ActionType] == "" {
			return invalid("actionType %q is none of CONNECT, PUBLISH, RECEIVE and SUBSCRIBE", info.ActionType)
		}
		if len(info.Resources) == 0 {
			return invalid("authInfo %s has no resources", info.ActionType)
		}
		for _, arn := range info.Resources {
			if _, ok := wire.ResourceOf(arn, "iot"); !ok {
				return invalid("resource %q is not an ARN of the service iot", arn)
			}
		}
	}
	return nil
}

// principalPolicies are the names of the policies in effect for a principal that connects
// with a client id, which are not to be written, and a request with the variables in them.
func (s *State) principalPolicies(principal, clientID string) (r policy.Request, names map[string]bool, err error) {
	t, err := s.target(principal)
	if err != nil {
		return r, nil, err
	}
	if t.group {
		return Grants{}.Request(clientID), s.policiesAbove(t.id), nil
	}
	g, names := s.granted(t.id, clientID)
	if c := s.certificates[g.id]; c != nil {
		g.certificate = newCertificateVars(c.der)
	}
	return g.Request(clientID), names, nil
}

// decide asks each policy about each resource. A policy that is silent about all of them
// is one that denies implicitly.
func (s *State) decide(info AuthInfo, names []string, r policy.Request) AuthResult {
	out := newAuthResult(info)
	r.Action = actionTypes[info.ActionType]
	var all []*policy.Document
	missing := map[string]bool{}
	for _, name := range names {
		d := s.policies[name].current.document
		all = append(all, d)
		out.add(PolicyItem{name, s.arn("policy/" + name)}, info.decisions(r, d))
		for _, variable := range d.Missing(r) {
			missing[variable] = true
		}
	}
	out.AuthDecision, out.MissingContextValues = worst(info.decisions(r, all...)), sortedKeys(missing)
	return out
}

// decisions are those of documents, one for each resource.
func (i AuthInfo) decisions(r policy.Request, documents ...*policy.Document) []policy.Decision {
	var out []policy.Decision
	for _, r.Resource = range i.Resources {
		out = append(out, policy.Evaluate(documents, r))
	}
	return out
}

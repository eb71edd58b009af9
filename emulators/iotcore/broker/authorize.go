package broker

import (
	"slices"
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxDecisions bounds what an authorizer remembers.
const maxDecisions = 64

// authorizer answers whether one connection may do something, by the policies
// of its certificate as they are now. Decisions are remembered until anything in
// the registry changes.
type authorizer struct {
	registry    *registry.State
	identity    wire.Identity
	certificate string
	iam         bool // IAM decides, and is not checked
	clientID    string
	ip, domain  string // of the connection

	mu        sync.Mutex
	version   uint64
	known     bool
	grants    registry.Grants
	decisions []decided
}

// decided is a decision. A device has a few, and there may be very many devices: they
// are in a list, which is looked through.
type decided struct {
	action, name string
	allowed      bool
}

// allows tells whether policies allow the action, as in
// allows("iot:Publish", "topic", "devices/a/telemetry").
func (a *authorizer) allows(action, kind, name string) bool {
	if a.iam {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh()
	if d := slices.IndexFunc(a.decisions, func(d decided) bool { return d.name == name && d.action == action }); d >= 0 {
		return a.decisions[d].allowed
	}
	// Variables are not kept: decisions are.
	decision := policy.Evaluate(a.grants.Documents, a.request(action, kind+"/"+name))
	if len(a.decisions) >= maxDecisions {
		a.decisions = a.decisions[:0]
	}
	a.decisions = append(a.decisions, decided{action, strings.Clone(name), decision == policy.Allow})
	return decision == policy.Allow
}

func (a *authorizer) request(action, resource string) policy.Request {
	r := a.grants.Request(a.clientID)
	r.Action, r.Resource = action, a.identity.ARN("iot", resource)
	r.Vars[policy.SourceIP], r.Vars[policy.DomainName] = a.ip, a.domain
	return r
}

// allowsConnect tells whether policies allow a CONNECT that asks for these attributes and,
// if there is one, for a will on a topic.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#connect-attribute
func (a *authorizer) allowsConnect(attributes []string, will string) bool {
	if a.iam {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh()
	r := a.request("iot:Connect", "client/"+a.clientID)
	if len(attributes) > 0 {
		if r.Lists == nil {
			r.Lists = map[string][]string{}
		}
		r.Lists[policy.ConnectAttributes] = attributes
	}
	if will != "" {
		r.Vars[policy.LastWillTopic] = a.identity.ARN("iot", "topic/"+will)
	}
	return policy.Evaluate(a.grants.Documents, r) == policy.Allow
}

// thing is the client id, if the certificate is attached to a thing of that name.
func (a *authorizer) thing() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh()
	return a.grants.Thing
}

func (a *authorizer) refresh() {
	version := a.registry.Version()
	if a.known && a.version == version {
		return
	}
	a.known, a.version = true, version
	a.grants = a.registry.Grants(a.certificate, a.clientID)
	a.decisions = nil
}

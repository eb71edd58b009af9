package registry

import (
	"maps"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Roles decides whether a service may assume a role that then may do something; the
// error says why not.
type Roles interface {
	Decide(policy.Use) error
}

// deputy is a role that IoT assumes to provision, and the template or the CA certificate
// that names it.
// https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html#cross-service-confused-deputy-prevention-fleet-provision
type deputy struct{ role, source string }

func (s *State) deputyOf(t *keptTemplate) deputy { return deputy{t.role, s.templateARN(t.name)} }

// ask is whether IoT may assume a role, which then may do a change.
func (s *State) ask(d deputy, c change) error {
	if s.config.Roles == nil {
		return nil
	}
	return s.config.Roles.Decide(policy.Use{
		Caller: policy.Caller{Service: "iot.amazonaws.com", SourceARN: d.source, SourceAccount: s.config.Identity.Account},
		Role:   d.role, Action: c.action, Resource: c.resource, Given: c.given,
		Once: c.action != "", // each device has a name of its own
	})
}

// assumes makes sure that IoT may assume a role that was named; what the role may do is
// asked when it provisions.
func (s *State) assumes(d deputy) error {
	if err := s.ask(d, change{}); err != nil {
		return invalid("The provisioning role cannot be assumed by AWS IoT (%s)", err)
	}
	return nil
}

// mayProvision asks for each change of a plan whose certificate is there. What a plan
// only reads, the role need not allow.
func (s *State) mayProvision(d deputy, p *plan) error {
	for _, c := range s.changes(p) {
		err := s.ask(d, c)
		if err != nil && c.formerly != "" && s.ask(d, change{action: c.formerly, resource: c.resource}) == nil {
			continue
		}
		if err != nil {
			return wire.Errorf(codeUnauthorized, 401, "%s", err).Because(err)
		}
	}
	return nil
}

// codeUnauthorized: https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html#API_RegisterThing_Errors
const codeUnauthorized = "UnauthorizedException"

// change is one call of the control plane: an action on a resource. formerly is what the
// call was named before, which allows it as well.
type change struct {
	action, resource, formerly string
	given                      policy.Given
}

// changes are the calls that carryOut stands for, in its order.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_iot.html
func (s *State) changes(p *plan) []change {
	certificate := s.certificateARN(p.certificate.id)
	all := s.changesOfThing(p, certificate)
	for _, name := range sortedKeys(p.policies) {
		if s.policies[name] == nil {
			all = append(all, change{action: "iot:CreatePolicy", resource: s.arn("policy/" + name)})
		}
		if !p.certificate.policies[name] {
			all = append(all, change{action: "iot:AttachPolicy", resource: certificate, formerly: "iot:AttachPrincipalPolicy"})
		}
	}
	if p.status != "" && p.certificate.status != p.status {
		all = append(all, change{action: "iot:UpdateCertificate", resource: certificate})
	}
	return all
}

func (s *State) changesOfThing(p *plan, certificate string) (all []change) {
	if p.thing == "" {
		return nil
	}
	thing, t := s.arn("thing/"+p.thing), s.things[p.thing]
	switch {
	case t == nil:
		all = append(all, change{action: "iot:CreateThing", resource: thing})
	case t.kind != p.kind || !maps.Equal(t.attributes, p.attributes):
		all = append(all, change{action: "iot:UpdateThing", resource: thing})
	}
	in := s.groupsOf(p.thing)
	move := func(action string, from, to map[string]bool) {
		for _, name := range sortedKeys(to) {
			if !from[name] {
				all = append(all, change{action: action, resource: thing}, change{action: action, resource: s.groupARN(name)})
			}
		}
	}
	move("iot:AddThingToThingGroup", in, p.groups)
	move("iot:RemoveThingFromThingGroup", p.groups, in)
	if t == nil || !t.principals[p.certificate.id] {
		all = append(all, change{action: "iot:AttachThingPrincipal", resource: certificate, given: policy.Given{Key: "iot:thingarn", Value: thing}})
	}
	return all
}

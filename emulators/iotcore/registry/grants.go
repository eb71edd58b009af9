package registry

import (
	"fmt"
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
)

// Check tells whether a certificate may connect at this moment: known, ACTIVE
// and within its validity. The error says why not.
func (s *State) Check(id string, now time.Time) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.certificates[id]
	switch {
	case !ok:
		return fmt.Errorf("certificate %s is not registered", id)
	case c.status != Active:
		return fmt.Errorf("certificate %s is %s", id, c.status)
	case now.Before(c.notBefore):
		return fmt.Errorf("certificate %s is not valid before %s", id, c.notBefore.Format(time.RFC3339))
	case now.After(c.notAfter):
		return fmt.Errorf("certificate %s expired at %s", id, c.notAfter.Format(time.RFC3339))
	}
	return nil
}

// Grants is what a certificate may do, as of one Version.
type Grants struct {
	Documents []*policy.Document
	// Thing is the client id if a thing of that name has the certificate attached,
	// or the thing that has it as EXCLUSIVE_THING; only then do policy variables of
	// the thing resolve (AWS.md §1). Type is its type.
	Thing, Type string
	// Attributes are the thing's own; they are not to be written.
	Attributes map[string]string

	id          string           // of the certificate
	certificate *certificateVars // nil where no policy asks
}

// Request is what a client of this id wants, with the values of policy variables.
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
func (g Grants) Request(clientID string) policy.Request {
	r := policy.Request{Vars: map[string]string{policy.ClientID: clientID, policy.IsAttached: "false"}}
	if g.id != "" {
		r.Vars[policy.CertificateID] = g.id
	}
	if g.certificate != nil {
		maps.Copy(r.Vars, g.certificate.vars)
		r.Lists = maps.Clone(g.certificate.lists)
	}
	if g.Thing == "" {
		return r
	}
	r.Vars[policy.ThingName], r.Vars[policy.IsAttached] = g.Thing, "true"
	if g.Type != "" {
		r.Vars[policy.ThingTypeName] = g.Type
	}
	for name, value := range g.Attributes {
		r.Vars[policy.Attribute(name)] = value
	}
	return r
}

// Grants collects the policies of a certificate and of the groups of the thing that a
// client of this id is, by name, and that thing. "When a thing is attached to a static
// thing group to which an AWS IoT Core policy is attached to, the thing name must match
// the client ID."
func (s *State) Grants(id, clientID string) Grants {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, policies := s.granted(id, clientID)
	s.addDocuments(&g, policies)
	return g
}

// addDocuments adds policies by their names; the caller holds the lock.
func (s *State) addDocuments(g *Grants, policies map[string]bool) {
	for _, name := range sortedKeys(policies) {
		d := s.policies[name].current.document
		g.Documents = append(g.Documents, d)
		if c := s.certificates[g.id]; c != nil && d.OfCertificate() && g.certificate == nil {
			g.certificate = newCertificateVars(c.der)
		}
	}
}

// ExclusiveThing is the thing that a certificate is attached to as EXCLUSIVE_THING, or
// empty.
func (s *State) ExclusiveThing(id string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c := s.certificates[id]; c != nil {
		return c.exclusiveThing()
	}
	return ""
}

func (c *certificate) exclusiveThing() string {
	if c.exclusive {
		for name := range c.things { // there is one
			return name
		}
	}
	return ""
}

// granted are Grants without the documents, and the names of their policies, which are
// not to be written. The caller holds the lock.
func (s *State) granted(id, clientID string) (g Grants, policies map[string]bool) {
	c, ok := s.certificates[id]
	if !ok || c.status != Active {
		return g, nil
	}
	policies, g.id = c.policies, id
	if only := c.exclusiveThing(); only != "" {
		clientID = only
	}
	if t, ok := s.things[clientID]; ok && c.things[clientID] {
		g.Thing, g.Type, g.Attributes = t.name, t.kind, t.attributes
		if inherited := s.inherited(t.name); len(inherited) > 0 {
			maps.Copy(inherited, policies)
			policies = inherited
		}
	}
	return g, policies
}

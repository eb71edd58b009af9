package registry

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PendingActivation is the state of a certificate that a device asked for over MQTT,
// until it provisions itself.
const PendingActivation Status = "PENDING_ACTIVATION"

// claimLasts: https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
const claimLasts = time.Hour

// maxClaims bounds the tokens that wait; it is Shakedown's own.
const maxClaims = 10000

type claim struct {
	certificate string
	expires     time.Time
}

// Claimed is a certificate that waits to be provisioned. PrivateKey is empty for
// one from a request.
type Claimed struct {
	CertificateID  string `json:"certificateId"`
	CertificatePem string `json:"certificatePem"`
	PrivateKey     string `json:"privateKey,omitempty"`
	Token          string `json:"certificateOwnershipToken"`
}

// ClaimKeys makes keys and a certificate that is PENDING_ACTIVATION.
func (s *State) ClaimKeys() (*Claimed, error) {
	made, err := s.CreateKeysAndCertificate(context.Background(), &CreateKeysInput{})
	if err != nil {
		return nil, err
	}
	return s.claim(&Claimed{CertificateID: made.CertificateID, CertificatePem: made.CertificatePem, PrivateKey: made.KeyPair.PrivateKey})
}

// ClaimCSR signs a certificate that is PENDING_ACTIVATION.
func (s *State) ClaimCSR(csr string) (*Claimed, error) {
	made, err := s.CreateCertificateFromCSR(context.Background(), &CreateFromCSRInput{CSR: csr})
	if err != nil {
		return nil, err
	}
	return s.claim(&Claimed{CertificateID: made.CertificateID, CertificatePem: made.CertificatePem})
}

func (s *State) claim(made *Claimed) (*Claimed, error) {
	defer s.change()()
	s.expireClaims()
	if len(s.claims) >= maxClaims {
		delete(s.certificates, made.CertificateID)
		return nil, wire.Errorf("ThrottlingException", 429, "%d certificates wait to be provisioned already", maxClaims)
	}
	if c := s.certificates[made.CertificateID]; c != nil {
		c.status = PendingActivation
	}
	made.Token = rand.Text()
	s.claims[made.Token] = claim{made.CertificateID, time.Now().Add(claimLasts)}
	return made, nil
}

// expireClaims forgets old tokens, and their certificates if nothing was done with
// them. It runs with the next request after the hour.
func (s *State) expireClaims() {
	now := time.Now()
	for token, waiting := range s.claims {
		if now.Before(waiting.expires) {
			continue
		}
		delete(s.claims, token)
		c := s.certificates[waiting.certificate]
		if c != nil && c.status == PendingActivation && len(c.things)+len(c.policies) == 0 {
			delete(s.certificates, c.id)
		}
	}
}

// Provisioned is what a template made.
type Provisioned struct {
	Configuration map[string]any `json:"deviceConfiguration"`
	Thing         string         `json:"thingName,omitempty"`
}

// ProvisionClaim makes what a template says for the certificate of a token, all or nothing.
func (s *State) ProvisionClaim(name, token string, given map[string]string) (*Provisioned, error) {
	defer s.change()()
	s.expireClaims()
	t, err := s.template(name)
	if err != nil {
		return nil, err
	}
	if !t.enabled {
		return nil, invalid("template %s is not enabled", name)
	}
	c := s.certificates[s.claims[token].certificate]
	if c == nil {
		return nil, wire.Errorf("InvalidCertificateOwnershipToken", 400, "the certificate ownership token is unknown, used or expired")
	}
	for key := range given {
		if key == certificateID {
			return nil, invalid("parameter %s is the service's to give", key)
		}
		if _, ok := t.body.Parameters[key]; !ok {
			return nil, invalid("template %s has no parameter %q", name, key)
		}
	}
	parameters := map[string]string{}
	maps.Copy(parameters, given)
	parameters[certificateID] = c.id
	p, err := s.plan(t.body, c.id, parameters)
	if err != nil {
		return nil, err
	}
	s.carryOut(p, c)
	delete(s.claims, token)
	return &Provisioned{p.configuration, p.thing}, nil
}

// plan is what a template asks for, resolved and found to be possible.
type plan struct {
	thing, kind   string
	attributes    map[string]string
	groups        []string
	status        Status
	policies      map[string]*policyVersion // by name; nil is one that is there
	configuration map[string]any
}

// propertiesOf decodes a resource's resolved properties.
type propertiesOf struct {
	ThingName        string
	AttributePayload map[string]string
	ThingTypeName    string
	ThingGroups      []string
	CertificateID    string `json:"CertificateId"`
	Status           Status
	PolicyName       string
	PolicyDocument   any
}

func (s *State) plan(b *templateBody, id string, parameters map[string]string) (*plan, error) {
	p := &plan{status: Active, policies: map[string]*policyVersion{}}
	for _, name := range sortedKeys(b.Resources) {
		r := b.Resources[name]
		resolved, err := b.resolve(r.Properties, parameters)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(resolved)
		if err != nil {
			return nil, invalid("resource %s: %s", name, err)
		}
		var properties propertiesOf
		if err := json.Unmarshal(text, &properties); err != nil {
			return nil, invalid("resource %s: %s", name, err)
		}
		switch r.Type {
		case "AWS::IoT::Thing":
			err = s.planThing(p, &properties)
		case "AWS::IoT::Certificate":
			err = p.planCertificate(id, &properties)
		default:
			err = s.planPolicy(p, &properties)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(p.policies) > maxPoliciesPerPrincipal {
		return nil, wire.Errorf(codeLimit, 410, "a certificate has at most %d policies", maxPoliciesPerPrincipal)
	}
	configuration, err := b.resolve(b.DeviceConfiguration, parameters)
	if err != nil {
		return nil, err
	}
	p.configuration, _ = configuration.(map[string]any)
	return p, nil
}

func (s *State) planThing(p *plan, in *propertiesOf) error {
	p.thing, p.kind, p.attributes, p.groups = in.ThingName, in.ThingTypeName, in.AttributePayload, in.ThingGroups
	if err := validateThing(p.thing, p.attributes, attributeLimit(p.kind)); err != nil {
		return err
	}
	if err := s.mayHaveType(p.kind); err != nil {
		return err
	}
	if len(p.groups) > maxGroupsPerThing {
		return wire.Errorf(codeLimit, 410, "Thing %s would be in more than %d thing groups", p.thing, maxGroupsPerThing)
	}
	for _, name := range p.groups {
		if _, err := s.group(name); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) planCertificate(id string, in *propertiesOf) error {
	if in.CertificateID != id {
		return invalid("the template's CertificateId is %q, not that of the certificate ownership token", in.CertificateID)
	}
	switch in.Status {
	case "":
	case Active, Inactive:
		p.status = in.Status
	default:
		return invalid("the template's certificate is ACTIVE or INACTIVE, not %q", in.Status)
	}
	return nil
}

func (s *State) planPolicy(p *plan, in *propertiesOf) error {
	if in.PolicyName != "" {
		if s.policies[in.PolicyName] == nil {
			return notFound("Policy %s not found", in.PolicyName)
		}
		p.policies[in.PolicyName] = nil
		return nil
	}
	text, ok := in.PolicyDocument.(string)
	if !ok {
		encoded, err := json.Marshal(in.PolicyDocument)
		if err != nil {
			return invalid("PolicyDocument: %s", err)
		}
		text = string(encoded)
	}
	name := Fingerprint([]byte(text)) // "Defaults to a hash of the policy document"
	v, err := newPolicyVersion(name, text)
	if err != nil {
		return err
	}
	p.policies[name] = v
	return nil
}

// carryOut cannot fail. A thing that is there keeps its type, attributes and groups.
func (s *State) carryOut(p *plan, c *certificate) {
	if p.thing != "" {
		t := s.things[p.thing]
		if t == nil {
			t = &thing{name: p.thing, kind: p.kind, id: wire.NewRequestID(), attributes: p.attributes, principals: map[string]bool{}}
			s.things[p.thing] = t
			for _, name := range p.groups {
				s.groups[name].things[p.thing] = true
			}
		}
		t.principals[c.id], c.things[p.thing] = true, true
	}
	for _, name := range sortedKeys(p.policies) {
		if v := p.policies[name]; v != nil && s.policies[name] == nil {
			entry := &policyEntry{name: name, created: v.created, modified: v.created, order: s.nextCreated(), targets: map[string]bool{}}
			entry.add(v, true)
			s.policies[name] = entry
		}
		c.policies[name], s.policies[name].targets[c.id] = true, true
	}
	c.status, c.modified = p.status, time.Now().UTC()
}

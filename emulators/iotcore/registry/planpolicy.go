package registry

import (
	"encoding/json"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// planPolicy finds a policy by its name, or plans to make the one of a document.
func (s *State) planPolicy(p *plan, r *template.Resource) error {
	if name := r.Values.PolicyName; name != "" {
		if s.policies[name] == nil {
			return notFound("Policy %s not found", name)
		}
		p.policies[name], p.names[r.Logical] = nil, "policy/"+name
		return nil
	}
	text, ok := r.Values.PolicyDocument.(string)
	if !ok {
		encoded, err := json.Marshal(r.Values.PolicyDocument)
		if err != nil {
			return invalid("PolicyDocument: %s", err)
		}
		text = string(encoded)
	}
	name := Fingerprint([]byte(text)) // "Defaults to a hash of the policy document"
	v, err := newPolicyVersion(text)
	if err != nil {
		return err
	}
	p.policies[name], p.names[r.Logical] = v, "policy/"+name
	return nil
}

package registry

import "encoding/json"

// planPolicy finds a policy by its name, or plans to make the one of a document.
func (s *State) planPolicy(p *plan, r *resourceOf) error {
	if name := r.properties.PolicyName; name != "" {
		if s.policies[name] == nil {
			return notFound("Policy %s not found", name)
		}
		p.policies[name], p.names[r.logical] = nil, "policy/"+name
		return nil
	}
	text, ok := r.properties.PolicyDocument.(string)
	if !ok {
		encoded, err := json.Marshal(r.properties.PolicyDocument)
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
	p.policies[name], p.names[r.logical] = v, "policy/"+name
	return nil
}

package template

import "encoding/json"

// Resource is a resource of a template with values in place of functions.
type Resource struct {
	Unresolved
	Logical string // its name in the template
	Values  Values
}

// Values are what a resource of any type may have.
type Values struct {
	ThingName                        string
	AttributePayload                 map[string]string
	ThingTypeName                    string
	ThingGroups                      []string
	CertificateID                    string `json:"CertificateId"`
	CertificateSigningRequest        string
	CertificatePem, CACertificatePem string
	Status                           string
	ThingPrincipalType               string
	PolicyName                       string
	PolicyDocument                   any
}

// Resource is the resource of a logical name with these parameters.
func (b *Body) Resource(name string, parameters map[string]string) (*Resource, error) {
	r := &Resource{Unresolved: b.Resources[name], Logical: name}
	resolved, err := b.resolve(r.Properties, parameters)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(resolved)
	if err == nil {
		err = json.Unmarshal(text, &r.Values)
	}
	if err != nil {
		return nil, malformed("resource %s: %s", name, err)
	}
	return r, nil
}

// Configuration is the DeviceConfiguration with these parameters.
func (b *Body) Configuration(parameters map[string]string) (map[string]any, error) {
	resolved, err := b.resolve(b.DeviceConfiguration, parameters)
	if err != nil {
		return nil, err
	}
	return resolved.(map[string]any), nil // checkConfiguration says so
}

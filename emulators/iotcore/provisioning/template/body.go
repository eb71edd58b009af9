package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Kinds of templates: by claim, just in time, and of one RegisterThing.
const (
	Fleet    = "FLEET_PROVISIONING"
	JITP     = "JITP"
	OneThing = "RegisterThing" // not kept: the body in a request
)

// maxBody is in characters
// (https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html).
const maxBody = 10240

// Body is the JSON of a template.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
type Body struct {
	Parameters map[string]struct {
		Type    string
		Default *string
	}
	Mappings            map[string]map[string]map[string]string
	Resources           map[string]Unresolved
	DeviceConfiguration map[string]any
}

// Unresolved is a resource as the body has it.
type Unresolved struct {
	Type             string
	Properties       map[string]any
	OverrideSettings map[string]Override
}

// propertiesOf are what resources may have here.
var propertiesOf = map[string][]string{
	"AWS::IoT::Thing":       {"ThingName", "AttributePayload", "ThingTypeName", "ThingGroups"},
	"AWS::IoT::Certificate": {"CertificateId", "Status", "ThingPrincipalType"},
	"AWS::IoT::Policy":      {"PolicyName", "PolicyDocument"},
}

// certificateSources are properties that say which certificate it is, one of them.
// "Only certificate IDs can be used with a fleet provisioning template."
var certificateSources = []string{"CertificateId", "CertificateSigningRequest", "CertificatePem"}

// CertificateID is the parameter that the service gives a template.
const CertificateID = "AWS::IoT::Certificate::Id"

// Parse reads the body of a template of that kind.
func Parse(text, kind string) (*Body, error) {
	if len(text) > maxBody {
		return nil, malformed("templateBody has more than %d characters", maxBody)
	}
	b := &Body{}
	if err := wire.Strict([]byte(text), b); err != nil {
		return nil, malformed("templateBody: %s (what is unknown is not implemented by Shakedown)", err)
	}
	if kind != Fleet && (b.Mappings != nil || b.DeviceConfiguration != nil) {
		return nil, malformed("templateBody: Mappings and DeviceConfiguration are for templates of type %s", Fleet)
	}
	if err := b.checkParameters(kind); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(b.Resources)) {
		r := b.Resources[name]
		counts[r.Type]++
		if err := b.checkResource(name, r, kind); err != nil {
			return nil, err
		}
	}
	if counts["AWS::IoT::Certificate"] != 1 || counts["AWS::IoT::Thing"] > 1 {
		return nil, malformed("templateBody: a template has one AWS::IoT::Certificate and at most one AWS::IoT::Thing")
	}
	return b, b.checkConfiguration()
}

func (b *Body) checkConfiguration() error {
	for name := range b.DeviceConfiguration {
		if len(b.DeviceConfiguration) == 1 && isFunction(name) {
			return malformed("templateBody: DeviceConfiguration is an object, not %s", name)
		}
	}
	return b.checkValue("DeviceConfiguration", b.DeviceConfiguration)
}

func (b *Body) checkParameters(kind string) error {
	for _, name := range slices.Sorted(maps.Keys(b.Parameters)) {
		p := b.Parameters[name]
		switch {
		case p.Type != "String":
			return malformed("templateBody: parameter %s has the Type String, not %q", name, p.Type)
		case kind != OneThing && name == CertificateID && p.Default != nil:
			return malformed("templateBody: parameter %s is the service's to give and has no Default", name)
		case kind == JITP && name != CertificateID && subjectFields[name] == nil:
			return malformed("templateBody: just-in-time provisioning has no parameter %s, only those of a certificate's subject", name)
		}
	}
	return nil
}

func (b *Body) checkResource(name string, r Unresolved, kind string) error {
	known, ok := propertiesOf[r.Type]
	if !ok {
		return malformed("templateBody: resource %s has the unknown type %q", name, r.Type)
	}
	isCertificate := r.Type == "AWS::IoT::Certificate"
	if isCertificate && kind == OneThing {
		known = append(slices.Clone(known), "CertificateSigningRequest", "CertificatePem", "CACertificatePem")
	}
	for _, property := range slices.Sorted(maps.Keys(r.Properties)) {
		if !slices.Contains(known, property) {
			return malformed("templateBody: property %s of %s is not implemented by Shakedown in a template of type %s", property, r.Type, kind)
		}
		if err := b.checkValue(name+"."+property, r.Properties[property]); err != nil {
			return err
		}
	}
	if err := checkOverrides(name, r); err != nil {
		return err
	}
	if isCertificate {
		return checkSource(name, r)
	}
	_, named := r.Properties["PolicyName"]
	_, document := r.Properties["PolicyDocument"]
	if r.Type == "AWS::IoT::Policy" && named == document {
		return malformed("templateBody: policy %s has either PolicyName or PolicyDocument", name)
	}
	if r.Type == "AWS::IoT::Policy" && contains(r.Properties, "Fn::Join") {
		return malformed("templateBody: Fn::Join is not supported in the policy %s", name)
	}
	return nil
}

// checkSource: "When you declare a certificate in a template, use only one of these
// methods."
func checkSource(name string, r Unresolved) error {
	var sources []string
	for _, source := range certificateSources {
		if _, ok := r.Properties[source]; ok {
			sources = append(sources, source)
		}
	}
	if len(sources) != 1 {
		return malformed("templateBody: certificate %s has one of %s, not %v", name, strings.Join(certificateSources, ", "), sources)
	}
	if _, ok := r.Properties["CACertificatePem"]; ok && sources[0] != "CertificatePem" {
		return malformed("templateBody: certificate %s: CACertificatePem goes with CertificatePem, not with %s", name, sources[0])
	}
	return nil
}

// contains looks for a function anywhere in a value.
func contains(v any, function string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return contains(item, function) })
	case map[string]any:
		for key, item := range v {
			if key == function || contains(item, function) {
				return true
			}
		}
	}
	return false
}

func malformed(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}

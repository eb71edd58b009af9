package registry

import (
	"encoding/json"
	"strings"
)

// templateBody is the JSON of a template.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
type templateBody struct {
	Parameters map[string]struct {
		Type    string
		Default *string
	}
	Resources           map[string]templateResource
	DeviceConfiguration map[string]any
}

type templateResource struct {
	Type       string
	Properties map[string]any
}

// templateProperties are what resources may have here.
var templateProperties = map[string]string{
	"AWS::IoT::Thing":       " ThingName AttributePayload ThingTypeName ThingGroups ",
	"AWS::IoT::Certificate": " CertificateId Status ",
	"AWS::IoT::Policy":      " PolicyName PolicyDocument ",
}

// certificateID is the parameter that the service gives a template.
const certificateID = "AWS::IoT::Certificate::Id"

func parseTemplate(text string) (*templateBody, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields() // such as Mappings and OverrideSettings
	b := &templateBody{}
	if err := decoder.Decode(b); err != nil {
		return nil, invalid("templateBody: %s (what is unknown is not implemented by Shakedown)", err)
	}
	if decoder.More() {
		return nil, invalid("templateBody: there is more after its JSON object")
	}
	for name, p := range b.Parameters {
		if p.Type != "String" {
			return nil, invalid("templateBody: parameter %s has the Type String, not %q", name, p.Type)
		}
		if name == certificateID && p.Default != nil {
			return nil, invalid("templateBody: parameter %s is the service's to give and has no Default", name)
		}
	}
	counts := map[string]int{}
	for name, r := range b.Resources {
		counts[r.Type]++
		if err := b.checkResource(name, r); err != nil {
			return nil, err
		}
	}
	if counts["AWS::IoT::Certificate"] != 1 || counts["AWS::IoT::Thing"] > 1 {
		return nil, invalid("templateBody: a template has one AWS::IoT::Certificate and at most one AWS::IoT::Thing")
	}
	for name, v := range b.DeviceConfiguration {
		if err := b.checkValue("DeviceConfiguration."+name, v); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *templateBody) checkResource(name string, r templateResource) error {
	known, ok := templateProperties[r.Type]
	if !ok {
		return invalid("templateBody: resource %s has the unknown type %q", name, r.Type)
	}
	for property, v := range r.Properties {
		if !strings.Contains(known, " "+property+" ") {
			return invalid("templateBody: property %s of %s is not implemented by Shakedown", property, r.Type)
		}
		if err := b.checkValue(name+"."+property, v); err != nil {
			return err
		}
	}
	_, named := r.Properties["PolicyName"]
	_, document := r.Properties["PolicyDocument"]
	if r.Type == "AWS::IoT::Policy" && named == document {
		return invalid("templateBody: policy %s has either PolicyName or PolicyDocument", name)
	}
	return nil
}

// checkValue finds references to nothing and functions that are not here.
func (b *templateBody) checkValue(where string, v any) error {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if err := b.checkValue(where, item); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, item := range v {
			if (key == "Ref" || key == "Fn::Join") && len(v) > 1 {
				return invalid("templateBody: %s: there is more beside %s, which stands alone", where, key)
			}
			if err := b.checkMember(where, key, item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *templateBody) checkMember(where, key string, item any) error {
	switch {
	case key == "Ref":
		name, _ := item.(string)
		if _, ok := b.Parameters[name]; !ok && name != certificateID {
			return invalid("templateBody: %s refers to %v, which is no parameter", where, item)
		}
	case key == "Fn::Join":
		args, _ := item.([]any)
		if len(args) != 2 {
			return invalid("templateBody: %s: Fn::Join takes a delimiter and a list", where)
		}
		_, text := args[0].(string)
		if _, list := args[1].([]any); !text || !list {
			return invalid("templateBody: %s: Fn::Join takes a delimiter and a list", where)
		}
	case strings.HasPrefix(key, "Fn::"):
		return invalid("templateBody: %s: %s is not implemented by Shakedown, only Ref and Fn::Join", where, key)
	}
	return b.checkValue(where, item)
}

// resolve puts parameters in the place of references.
func (b *templateBody) resolve(v any, parameters map[string]string) (any, error) {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			var err error
			if out[i], err = b.resolve(item, parameters); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		return b.resolveObject(v, parameters)
	}
	return v, nil
}

func (b *templateBody) resolveObject(object map[string]any, parameters map[string]string) (any, error) {
	if name, ok := object["Ref"].(string); ok {
		if value, ok := parameters[name]; ok {
			return value, nil
		}
		if p := b.Parameters[name]; p.Default != nil {
			return *p.Default, nil
		}
		return nil, invalid("the template's parameter %s has no value", name)
	}
	out := map[string]any{}
	for key, item := range object {
		value, err := b.resolve(item, parameters)
		if err != nil {
			return nil, err
		}
		if key == "Fn::Join" {
			return join(value.([]any))
		}
		out[key] = value
	}
	return out, nil
}

func join(args []any) (any, error) {
	var parts []string
	for _, item := range args[1].([]any) {
		part, ok := item.(string)
		if !ok {
			return nil, invalid("Fn::Join joins strings, not %v", item)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, args[0].(string)), nil
}

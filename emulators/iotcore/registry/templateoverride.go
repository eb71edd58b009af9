package registry

import "slices"

// override is what to do when a resource of a template is there already.
type override string

const (
	doNothing override = "DO_NOTHING"
	replace   override = "REPLACE"
	fail      override = "FAIL"
	merge     override = "MERGE"
)

// overridable are the properties that have a setting, with what they may be set to.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#override-settings
var overridable = map[string]map[string][]override{
	"AWS::IoT::Thing": {
		"AttributePayload": {doNothing, replace, fail, merge},
		"ThingGroups":      {doNothing, replace, fail, merge},
		"ThingTypeName":    {doNothing, replace, fail},
	},
	"AWS::IoT::Certificate": {"Status": {doNothing, replace, fail}},
}

func checkOverrides(name string, r templateResource) error {
	for _, property := range sortedKeys(r.OverrideSettings) {
		allowed, ok := overridable[r.Type][property]
		if !ok {
			return invalid("templateBody: OverrideSettings of %s (%s) has no %s", name, r.Type, property)
		}
		if setting := r.OverrideSettings[property]; !slices.Contains(allowed, setting) {
			return invalid("templateBody: OverrideSettings of %s: %s is one of %v, not %q", name, property, allowed, setting)
		}
	}
	return nil
}

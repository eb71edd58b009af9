package template

import (
	"maps"
	"slices"
)

// Override is what to do when a resource of a template is there already.
type Override string

const (
	DoNothing Override = "DO_NOTHING"
	Replace   Override = "REPLACE"
	Fail      Override = "FAIL"
	Merge     Override = "MERGE"
)

// overridable are the properties that have a setting, with what they may be set to.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#override-settings
var overridable = map[string]map[string][]Override{
	"AWS::IoT::Thing": {
		"AttributePayload": {DoNothing, Replace, Fail, Merge},
		"ThingGroups":      {DoNothing, Replace, Fail, Merge},
		"ThingTypeName":    {DoNothing, Replace, Fail},
	},
	"AWS::IoT::Certificate": {"Status": {DoNothing, Replace, Fail}},
}

func checkOverrides(name string, r Unresolved) error {
	for _, property := range slices.Sorted(maps.Keys(r.OverrideSettings)) {
		allowed, ok := overridable[r.Type][property]
		if !ok {
			return malformed("templateBody: OverrideSettings of %s (%s) has no %s", name, r.Type, property)
		}
		if setting := r.OverrideSettings[property]; !slices.Contains(allowed, setting) {
			return malformed("templateBody: OverrideSettings of %s: %s is one of %v, not %q", name, property, allowed, setting)
		}
	}
	return nil
}

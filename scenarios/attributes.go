package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/shakedown-iot/shakedown/sim"
)

// What AWS IoT allows of a thing without a type (quotas of AWS IoT Device Management;
// API reference, AttributePayload).
const (
	maxAttributes     = 3
	maxAttributeName  = 128
	maxAttributeValue = 800
)

var (
	attributeName  = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#-]+$`)
	attributeValue = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#=\[\]-]*$`)
)

// validateAttributes tells what IoT Core would refuse of a thing.
func validateAttributes(given map[string]string) error {
	var errs []error
	if n := len(given); n > maxAttributes {
		errs = append(errs, fmt.Errorf("attributes: %d are more than %d, which AWS IoT allows a thing without a type", n, maxAttributes))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch value := given[name]; {
		case name == "" || len(name) > maxAttributeName:
			errs = append(errs, fmt.Errorf("attributes: a name has 1 to %d bytes, not %d", maxAttributeName, len(name)))
		case !attributeName.MatchString(name):
			errs = append(errs, fmt.Errorf("attributes: the name %q has characters other than a-z A-Z 0-9 _ . , @ / : # -", name))
		case len(value) > maxAttributeValue:
			errs = append(errs, fmt.Errorf("attributes.%s: a value has at most %d bytes, not %d", name, maxAttributeValue, len(value)))
		case !attributeValue.MatchString(value):
			errs = append(errs, fmt.Errorf("attributes.%s: %q has characters other than a-z A-Z 0-9 _ . , @ / : # = [ ] -", name, value))
		}
	}
	return errors.Join(errs...)
}

// madeUp are the attributes that a sim.Identity has, in the order in which they are
// kept where there is not room for all.
var madeUp = []string{"site", "model", "serial"}

// attributed gives a thing its group's attributes. Those of the simulator fill what
// room is left.
func attributed(who sim.Identity, given map[string]string) sim.Identity {
	attributes := make(map[string]string, maxAttributes)
	maps.Copy(attributes, given)
	for _, name := range madeUp {
		if _, taken := attributes[name]; !taken && len(attributes) < maxAttributes {
			attributes[name] = who.Attributes[name]
		}
	}
	who.Attributes = attributes
	return who
}

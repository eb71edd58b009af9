package topic

import (
	"fmt"
	"regexp"
	"strings"
)

// basicIngest begins the topics that go straight to one rule, without subscribers:
// $aws/rules/<rule>/<topic…>.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
const basicIngest = "$aws/rules/"

// Ingested splits such a topic; of others ok is false.
func Ingested(topic string) (rule, rest string, ok bool) {
	after, ok := strings.CutPrefix(topic, basicIngest)
	if !ok {
		return "", "", false
	}
	rule, rest, _ = strings.Cut(after, "/")
	return rule, rest, true
}

// checkIngest tells why a client may not publish to a topic of Basic Ingest. The
// first three levels do not count for its length and its slashes.
func checkIngest(rule, rest string) error {
	switch {
	case CheckRuleName(rule) != nil:
		return fmt.Errorf("topic %s%s: %q is not the name of a rule", basicIngest, rule, rule)
	case strings.ContainsAny(rest, "+#"):
		return fmt.Errorf("topic %s%s/%s contains a wildcard", basicIngest, rule, rest)
	}
	return CheckShape(rest)
}

const maxRuleName = 128

var ruleName = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)

// CheckRuleName tells why a rule may not have this name.
func CheckRuleName(name string) error {
	if len(name) > maxRuleName || !ruleName.MatchString(name) {
		return fmt.Errorf("rule name %q must match %s and have at most %d characters", name, ruleName, maxRuleName)
	}
	return nil
}

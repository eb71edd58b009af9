package iotcore

import (
	"fmt"
	"strings"
)

// basicIngest begins the topics that go straight to one rule, without subscribers:
// $aws/rules/<rule>/<topic…>.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
const basicIngest = "$aws/rules/"

// ingested splits such a topic; of others ok is false.
func ingested(topic string) (rule, rest string, ok bool) {
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
	case len(rule) > maxRuleName || !ruleName.MatchString(rule):
		return fmt.Errorf("topic %s%s: %q is not the name of a rule", basicIngest, rule, rule)
	case strings.ContainsAny(rest, "+#"):
		return fmt.Errorf("topic %s%s/%s contains a wildcard", basicIngest, rule, rest)
	}
	return checkShape(rest)
}

// addressed is the rule that a topic of Basic Ingest names, whatever its FROM;
// without one, or where it is disabled, the message is gone and the log tells.
func (e *engine) addressed(m *message, name string) []*rule {
	e.mu.RLock()
	r := e.rules[name]
	e.mu.RUnlock()
	if r != nil && !r.payload.RuleDisabled {
		return []*rule{r}
	}
	e.log.Warn("rule not found", "rule", name, "topic", m.topic)
	if e.logs.On() {
		e.logs.Write(ruleNotFound(m, name))
	}
	event := m.event(RuleFailed)
	event.Rule, event.Reason = name, "Basic Ingest: there is no enabled rule "+name
	e.emit(event)
	return nil
}

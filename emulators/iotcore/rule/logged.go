package rule

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

func ruleEntry(eventType string, m *message.Message, rule string) logging.Entry {
	return logging.Entry{
		EventType: eventType, TraceID: m.Trace, ClientID: m.LoggedID(), TopicName: m.Topic, RuleName: rule, PrincipalID: m.Principal,
		About: m.Subject(),
	}
}

// ruleNotFound is the entry of a message of Basic Ingest that has no rule.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-rules-rule-not-found
func ruleNotFound(m *message.Message, rule string) logging.Entry {
	e := ruleEntry("RuleNotFound", m, rule)
	e.Failed, e.Reason, e.Details = true, "RuleNotFound", "Rule "+rule+" not found"
	return e
}

// logExecution logs what became of an action. Of the resources those of republish and
// http are told: AWS documents no other names.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-rules-rule-ex
func (e *Engine) logExecution(a *action.Firing, kind event.Kind, action string, o action.Outcome, err error) {
	if kind == event.Matched || kind == event.Filtered {
		return
	}
	entry := ruleEntry("RuleExecution", a.Message, a.Rule.Name)
	entry.RuleAction = actionNames[action]
	if err != nil {
		entry.Failed, entry.Details = true, err.Error()
	}
	switch {
	case o.Made == "": // it failed before
	case action == "republish":
		entry.Resources = map[string]string{"RepublishTopic": o.Made}
	case action == "http" && o.Confirmed != "":
		entry.Resources = map[string]string{"Url": o.Made, "ConfirmationUrl": destination.WithoutQuery(o.Confirmed)}
	}
	e.config.Logs.Write(entry)
}

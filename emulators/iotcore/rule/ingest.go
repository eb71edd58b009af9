package rule

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// addressed is the rule that a topic of Basic Ingest names, whatever its FROM;
// without one, or where it is disabled, the message is gone and the log tells.
func (e *Engine) addressed(m *message.Message, name string) []*rule {
	e.mu.RLock()
	r := e.rules[name]
	e.mu.RUnlock()
	if r != nil && !r.payload.RuleDisabled {
		return []*rule{r}
	}
	e.config.Log.Warn("rule not found", "rule", name, "topic", m.Topic)
	if e.config.Logs.On() {
		e.config.Logs.Write(ruleNotFound(m, name))
	}
	told := m.Event(event.RuleFailed)
	told.Rule, told.Reason = name, "Basic Ingest: there is no enabled rule "+name
	e.config.Emit(told)
	return nil
}

package iotcore

import (
	"errors"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// rule is a compiled topic rule; it is never changed.
type rule struct {
	name        string
	payload     RulePayload
	statement   *sql.Statement
	actions     []action
	errorAction action // nil without one
	created     time.Time
}

// compile checks everything about a rule that can be wrong before a message comes.
func (e *engine) compile(name string, p RulePayload) (*rule, error) {
	switch p.AwsIotSQLVersion {
	case sqlVersion:
	case "":
		return nil, invalidRequest("rule %s: without awsIotSqlVersion the SQL version is 2015-10-08, which is not implemented by Shakedown; set awsIotSqlVersion to %s", name, sqlVersion)
	default:
		return nil, invalidRequest("rule %s: awsIotSqlVersion %q is not implemented by Shakedown, only %s", name, p.AwsIotSQLVersion, sqlVersion)
	}
	if len(p.Description) > maxRuleDescription {
		return nil, invalidRequest("rule %s: the description has more than %d characters", name, maxRuleDescription)
	}
	if len(p.Actions) > maxActions {
		return nil, invalidRequest("rule %s has %d actions; the limit is %d", name, len(p.Actions), maxActions)
	}
	statement, err := sql.Parse(p.SQL)
	if err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	if err := checkRuleFilter(statement.Filter()); err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	r := &rule{name: name, payload: p, statement: statement}
	if r.payload.Actions == nil {
		r.payload.Actions = []RuleAction{}
	}
	for i, a := range p.Actions {
		compiled, err := e.compileAction(a)
		if err != nil {
			return nil, invalidRequest("rule %s, action %d: %s", name, i+1, err)
		}
		r.actions = append(r.actions, compiled)
	}
	if p.ErrorAction != nil {
		if r.errorAction, err = e.compileAction(*p.ErrorAction); err != nil {
			return nil, invalidRequest("rule %s, errorAction: %s", name, err)
		}
	}
	return r, nil
}

// checkRuleFilter refuses a FROM that would never match anything here.
func checkRuleFilter(filter string) error {
	switch {
	case filter == "":
		return errors.New("a rule without FROM (Basic Ingest only) is not implemented by Shakedown")
	case strings.HasPrefix(filter, "$") && !isLifecycle(filter):
		return errors.New("FROM '" + filter + "': of the reserved topics only $aws/events/presence and $aws/events/subscriptions are implemented by Shakedown")
	}
	return checkWildcards(filter)
}

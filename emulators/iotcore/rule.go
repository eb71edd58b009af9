package iotcore

import (
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// rule is a compiled topic rule; it is never changed.
type rule struct {
	name        string
	caller      policy.Caller // who acts for it
	payload     RulePayload
	statement   *sql.Statement
	actions     []action
	errorAction action   // nil without one
	fetches     bool     // its functions ask other services
	posts       []string // the destinations that its http actions need
	created     time.Time
}

// compile checks everything about a rule that can be wrong before a message comes.
func (e *engine) compile(name string, p RulePayload) (*rule, error) {
	switch p.AwsIotSQLVersion {
	case sql.Version2015, sql.Version2016:
	case "":
		p.AwsIotSQLVersion = sql.Version2015 // AWS.md §2
	default:
		return nil, invalidRequest("rule %s: awsIotSqlVersion %q is not implemented by Shakedown, only %s and %s", name, p.AwsIotSQLVersion, sql.Version2016, sql.Version2015)
	}
	if len(p.Description) > maxRuleDescription {
		return nil, invalidRequest("rule %s: the description has more than %d characters", name, maxRuleDescription)
	}
	if len(p.Actions) > maxActions {
		return nil, invalidRequest("rule %s has %d actions; the limit is %d", name, len(p.Actions), maxActions)
	}
	statement, err := sql.ParseVersion(p.AwsIotSQLVersion, p.SQL)
	if err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	if err := checkRuleFilter(statement.Filter()); err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	r := &rule{name: name, caller: callerOf(e.identity, name), payload: p, statement: statement}
	if r.payload.Actions == nil {
		r.payload.Actions = []RuleAction{}
	}
	c := &compiler{targets: e.targets, destinations: e.destinations, statement: statement, fetches: statement.Fetches()}
	for i, a := range p.Actions {
		compiled, err := c.action(a)
		if err != nil {
			return nil, invalidRequest("rule %s, action %d: %s", name, i+1, err)
		}
		r.actions = append(r.actions, compiled)
	}
	if p.ErrorAction != nil {
		if r.errorAction, err = c.action(*p.ErrorAction); err != nil {
			return nil, invalidRequest("rule %s, errorAction: %s", name, err)
		}
	}
	if err := e.checkFetches(c.fetches); err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	r.fetches, r.posts = len(c.fetches) > 0, c.posts
	return r, nil
}

// checkRuleFilter refuses a FROM that would never match anything here.
func checkRuleFilter(filter string) error {
	switch {
	case filter == "":
		return nil // of Basic Ingest only
	case isReserved(filter) && !isEvent(filter) && !shadow.IsFilter(filter):
		return errors.New("FROM '" + filter + "': of the reserved topics only $aws/events but those of jobs and $aws/things/<thing>/shadow are implemented by Shakedown")
	}
	return checkWildcards(filter)
}

package rule

import (
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// rule is a compiled topic rule; it is never changed.
type rule struct {
	action.Rule
	payload     Payload
	statement   *sql.Statement
	actions     []action.Compiled
	errorAction action.Compiled // nil without one
	fetches     bool            // its functions ask other services
	posts       []string        // the destinations that its http actions need
	created     time.Time
}

// compile checks everything about a rule that can be wrong before a message comes.
func (e *Engine) compile(name string, p Payload) (*rule, error) {
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
	r := &rule{Rule: action.Rule{Name: name, Caller: callerOf(e.config.Identity, name)}, payload: p, statement: statement}
	if r.payload.Actions == nil {
		r.payload.Actions = []action.Action{}
	}
	c := &action.Compiler{Targets: e.config.Targets, Destinations: e.config.Destinations, Statement: statement, Fetches: statement.Fetches()}
	for i, a := range p.Actions {
		compiled, err := c.Compile(a)
		if err != nil {
			return nil, invalidRequest("rule %s, action %d: %s", name, i+1, err)
		}
		r.actions = append(r.actions, compiled)
	}
	if p.ErrorAction != nil {
		if r.errorAction, err = c.Compile(*p.ErrorAction); err != nil {
			return nil, invalidRequest("rule %s, errorAction: %s", name, err)
		}
	}
	if err := e.checkFetches(c.Fetches); err != nil {
		return nil, wire.Errorf("SqlParseException", 400, "%s", err)
	}
	r.fetches, r.posts = len(c.Fetches) > 0, c.Posts
	return r, nil
}

// callerOf is IoT Core as it acts for a rule.
// https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
func callerOf(owner wire.Identity, rule string) policy.Caller {
	return policy.Caller{Service: "iot.amazonaws.com", SourceARN: owner.ARN("iot", "rule/"+rule), SourceAccount: owner.Account}
}

// checkRuleFilter refuses a FROM that would never match anything here.
func checkRuleFilter(filter string) error {
	switch {
	case filter == "":
		return nil // of Basic Ingest only
	case topic.IsReserved(filter) && !topic.IsEvent(filter) && !shadow.IsFilter(filter):
		return errors.New("FROM '" + filter + "': of the reserved topics only $aws/events but those of jobs and $aws/things/<thing>/shadow are implemented by Shakedown")
	}
	return topic.CheckWildcards(filter)
}

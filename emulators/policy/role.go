package policy

import (
	"fmt"
	"strings"
	"time"
)

// Use is what a service wants of a role: to assume it, and with an action then to do
// that to a resource.
type Use struct {
	Caller Caller
	Role   string // its ARN
	// Action and Resource are empty where only the trust matters.
	Action, Resource string
	// Session is how long the role is to be assumed for, where that matters.
	Session time.Duration
	// Given is what the service says of the action beside the resource.
	Given Given
	// Once is that the resource is hardly asked for again, as an object's key: the
	// decision is not kept.
	Once bool
}

// Given is the value of a key of conditions, in lower case; it is empty for none.
type Given struct{ Key, Value string }

// Keys that conditions of a role's policies may ask for, beside the others.
var (
	trustKeys    = append([]string{"sts:externalid"}, keys...)
	identityKeys = append([]string{
		"aws:requestedregion", "aws:resourceaccount", "aws:principaltype", "aws:username", "cloudwatch:namespace", "iot:thingarn",
	}, keys...)
)

// ParseTrust reads the trust policy of a role. What this package does not evaluate
// makes a statement [Unclear].
func ParseTrust(document []byte) (*Document, error) {
	return parse(document, grammar{service: "sts", principal: true, keys: trustKeys, keeps: true})
}

// ParseIdentity reads a policy of a role: of all services, and without principals.
func ParseIdentity(document []byte) (*Document, error) {
	return parse(document, grammar{resource: true, keys: identityKeys, tags: true, keeps: true})
}

// Verdict is what statements say of a request; the greatest of several counts.
type Verdict int

// Verdicts: Unclear ones hang on what is not evaluated.
const (
	Silent Verdict = iota
	UnclearAllow
	Allowed
	UnclearDeny
	ExplicitDeny
)

// Unclear tells that the verdict hangs on what is not evaluated.
func (v Verdict) Unclear() bool { return v == UnclearAllow || v == UnclearDeny }

// Judgement is a verdict and what makes it unclear.
type Judgement struct {
	Verdict Verdict
	Unclear string
}

// Or is the one that counts of two.
func (j Judgement) Or(other Judgement) Judgement {
	if other.Verdict > j.Verdict {
		return other
	}
	return j
}

// doubted is a judgement that hangs on something that is not known.
func (j Judgement) doubted(why string) Judgement {
	switch j.Verdict {
	case Allowed:
		return Judgement{UnclearAllow, why}
	case ExplicitDeny:
		return Judgement{UnclearDeny, why}
	}
	return j
}

// Trusts is what a trust policy says of a service that wants to assume the role.
func (d *Document) Trusts(c Caller, account string) Judgement {
	known := c.known(account)
	if c.Service == "firehose.amazonaws.com" { // see the package comment
		known["sts:externalid"] = account
	}
	var j Judgement
	for _, s := range d.statements {
		if s.principal.has(c, account, s.deny) == yes && s.actions.has("sts:assumerole", nil) {
			j = j.Or(s.judge(known))
		}
	}
	return j
}

// Permits is what a policy says of an action, in lower case, on a resource. known are
// the values of the keys of conditions.
func (d *Document) Permits(action, resource string, known map[string]string) Judgement {
	var j Judgement
	for _, s := range d.statements {
		if !s.actions.has(action, nil) {
			continue
		}
		switch s.resources.covers(resource, known) {
		case yes:
			j = j.Or(s.judge(known))
		case perhaps:
			j = j.Or(s.judge(known).doubted(s.resources.unclear))
		}
	}
	return j
}

// judge is what a statement says that is about the request, but for its conditions.
func (s statement) judge(known map[string]string) Judgement {
	for _, c := range s.conditions {
		if !c.holds(known) {
			return Judgement{}
		}
	}
	j := Judgement{Verdict: Allowed}
	if s.deny {
		j.Verdict = ExplicitDeny
	}
	if s.unclear != "" {
		return j.doubted(s.unclear)
	}
	return j
}

// KnownOfRole are the values of the keys of conditions for a role of an account, with its
// tags.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func KnownOfRole(role, account, region string, tags map[string]string) map[string]string {
	known := map[string]string{
		"aws:securetransport": "true", "aws:principalisawsservice": "false", "aws:requestedregion": region, "aws:resourceaccount": account,
		"aws:principalarn": role, "aws:principalaccount": account, "aws:principaltype": "AssumedRole",
	}
	for key, value := range tags {
		known[principalTag+strings.ToLower(key)] = value
	}
	return known
}

// Refusal is why a service may not assume a role, or the role may not act.
type Refusal struct {
	Use Use
	// Assume is that the role is not assumed; else it lacks the permission.
	Assume bool
	// Long is that the session would be longer than the role's may be.
	Long bool
	// Verdict is what the role's policies say, or those of the resource, where it lacks the
	// permission.
	Verdict Verdict
	Reason  string
	Remedy  string // the command that changes it, if there is one
}

// Error names the role, what it was asked for, and the command that allows it.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s: %s", r.Use.Role, r.Use.Action, r.Use.Resource, r.Reason)
	if r.Assume {
		text = fmt.Sprintf("%s is not authorized to perform: sts:AssumeRole on resource: %s: %s", r.Use.Caller.Service, r.Use.Role, r.Reason)
	}
	if r.Remedy != "" {
		text += "; allow it with: " + r.Remedy
	}
	return text
}

// NameOfRole is the name at the end of a role's ARN.
func NameOfRole(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// Trust is a trust policy for a service, on one line.
func Trust(service string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
}

// Permission is a policy of a role that allows one thing, on one line.
func Permission(action, resource string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`
}

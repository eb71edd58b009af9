package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Caller is who asks: the account itself when zero, a role of it, or a service that acts
// for a resource of the account.
type Caller struct {
	Service string // as in sns.amazonaws.com
	// SourceARN is the resource that it acts for, SourceAccount the owner of that.
	SourceARN, SourceAccount string
	// Role is the ARN of one that was assumed: Service is empty then.
	Role string
	// Session is the name of a role's session, or the one that a service gives those of
	// roles that it assumes; empty where AWS does not say it.
	Session string
}

type callerKey struct{}

// As is ctx for calls that a role makes, through an API, too.
func As(ctx context.Context, role string) context.Context {
	return WithCaller(ctx, Caller{Role: role})
}

// WithCaller tells what is called with ctx that a service calls. A call through an
// API is of the account again.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is the caller that ctx carries.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// Request is what a caller wants of a resource of an account.
type Request struct {
	Account, Action, Resource string
	Known                     map[string]string // keys of conditions that the service adds; nil for none
}

// Denied is why a caller may not.
type Denied struct {
	Caller   Caller
	Request  Request
	Explicit bool // a statement denies it
}

// Error names the caller, the action and the resource.
func (d *Denied) Error() string {
	who := "arn:aws:iam::" + d.Request.Account + ":root"
	switch {
	case d.Caller.Role != "":
		who = d.Caller.Role
	case d.Caller.Service != "":
		who = d.Caller.Service + " for " + d.Caller.SourceARN
	}
	why := "because no resource-based policy allows the " + d.Request.Action + " action"
	if d.Explicit {
		why = "with an explicit deny in a resource-based policy"
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", who, d.Request.Action, d.Request.Resource, why)
}

// Authorize is nil if the caller of ctx may do what it wants by the policy of a
// resource. What a role may do is decided before (see [Use]); here it is denied only.
func (d *Document) Authorize(ctx context.Context, r Request) *Denied {
	c := CallerOf(ctx)
	if d == nil && c.Service == "" {
		return nil
	}
	says := d.Judge(c, r).Verdict
	if says >= UnclearDeny || c.Service != "" && says != Allowed {
		return &Denied{c, r, says >= UnclearDeny}
	}
	return nil
}

// known are the values of the keys of conditions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (c Caller) known(account string) map[string]string {
	known := map[string]string{
		"aws:securetransport": "true", "aws:principalisawsservice": strconv.FormatBool(c.Service != ""),
	}
	if c.Role != "" {
		known["aws:principalarn"], known["aws:principalaccount"] = c.Role, account
		return known
	}
	if c.Service == "" {
		known["aws:principalarn"], known["aws:principalaccount"], known["aws:sourceowner"] = "arn:aws:iam::"+account+":root", account, account
		return known
	}
	known["aws:principalservicename"] = c.Service
	for key, value := range map[string]string{"aws:sourcearn": c.SourceARN, "aws:sourceaccount": c.SourceAccount} {
		if value != "" {
			known[key] = value
		}
	}
	return known
}

// Grant is a policy, on one line, by which the caller may.
func (d *Denied) Grant() string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + d.Caller.Service + `"},"Action":"` + d.Request.Action +
		`","Resource":"` + d.Request.Resource + `","Condition":{"ArnEquals":{"aws:SourceArn":"` + d.Caller.SourceARN + `"},"StringEquals":{"aws:SourceAccount":"` + d.Caller.SourceAccount + `"}}}]}`
}

// Attribute is an attribute as a command line takes it: in JSON, quoted for a shell.
func Attribute(name, value string) string {
	text, _ := json.Marshal(map[string]string{name: value}) // strings only
	return "'" + strings.ReplaceAll(string(text), "'", `'\''`) + "'"
}

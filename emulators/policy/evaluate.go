package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// Caller is who asks: the account itself when zero, else a service that acts for a
// resource of the account.
type Caller struct {
	Service string // as in sns.amazonaws.com
	// SourceARN is the resource that it acts for, SourceAccount the owner of that.
	SourceARN, SourceAccount string
}

type callerKey struct{}

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
	if d.Caller.Service != "" {
		who = d.Caller.Service + " for " + d.Caller.SourceARN
	}
	why := "because no resource-based policy allows the " + d.Request.Action + " action"
	if d.Explicit {
		why = "with an explicit deny in a resource-based policy"
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", who, d.Request.Action, d.Request.Resource, why)
}

// Authorize is nil if the caller of ctx may do what it wants by the policy of a
// resource.
func (d *Document) Authorize(ctx context.Context, r Request) *Denied {
	c := CallerOf(ctx)
	if d == nil && c.Service == "" {
		return nil
	}
	allowed := c.Service == ""
	if d != nil {
		known := c.known(r.Account)
		maps.Copy(known, r.Known)
		for _, s := range d.statements {
			if !s.matches(c, r, known) {
				continue
			}
			if s.deny {
				return &Denied{c, r, true}
			}
			allowed = true
		}
	}
	if !allowed {
		return &Denied{c, r, false}
	}
	return nil
}

func (s statement) matches(c Caller, r Request, known map[string]string) bool {
	if !s.principal.has(c, r.Account) || !s.actions.has(strings.ToLower(r.Action), nil) || !s.resources.has(r.Resource, known) {
		return false
	}
	for _, condition := range s.conditions {
		if !condition.holds(known) {
			return false
		}
	}
	return true
}

// known are the values of the keys of conditions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (c Caller) known(account string) map[string]string {
	known := map[string]string{
		"aws:securetransport": "true", "aws:principalisawsservice": strconv.FormatBool(c.Service != ""),
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

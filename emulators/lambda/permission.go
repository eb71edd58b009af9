package lambda

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// statement is one statement of a function's resource policy, as GetPolicy
// spells it.
type statement struct {
	Sid       string
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitempty"`
}

// permissions are what a function, version or alias lets others do.
type permissions struct {
	statements []statement
	revision   string
	document   *policy.Document // of the statements
}

// text is the policy as GetPolicy answers it.
func (p *permissions) text() ([]byte, error) {
	return json.Marshal(struct {
		Version   string
		Id        string
		Statement []statement
	}{"2012-10-17", "default", p.statements})
}

// maxPolicy bounds a function's policy, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxPolicy = 20 << 10

// with is what p becomes with other statements.
func (p *permissions) with(statements []statement) (*permissions, error) {
	next := &permissions{statements: statements, revision: wire.NewRequestID()}
	if len(statements) == 0 {
		return next, nil
	}
	text, err := next.text()
	if err != nil {
		return nil, err
	}
	if len(text) > maxPolicy {
		return nil, wire.Errorf("PolicyLengthExceededException", 0, "The final policy size (%d) is bigger than the limit (%d).", len(text), maxPolicy)
	}
	if next.document, err = policy.Parse(text, "lambda"); err != nil {
		return nil, wire.Errorf(codeInvalid, 0, "AddPermission: %s", err)
	}
	return next, nil
}

// permit asks the policy of what is invoked about a service that invokes it. The caller
// holds mu.
func (s *State) permit(ctx context.Context, t target) error {
	caller := policy.CallerOf(ctx)
	if caller.Service == "" { // AddPermission denies nobody anything
		return nil
	}
	var d *policy.Document
	if p := t.function.policies[t.qualifier]; p != nil {
		d = p.document
	}
	denied := d.Authorize(ctx, policy.Request{Account: s.config.Identity.Account, Action: "lambda:InvokeFunction", Resource: t.arn()})
	if denied == nil {
		return nil
	}
	name, _, _ := strings.Cut(caller.Service, ".")
	return wire.Errorf("AccessDeniedException", 403, "%s; allow it with: aws lambda add-permission --function-name %s --statement-id %s --action lambda:InvokeFunction --principal %s --source-arn '%s' --source-account %s",
		denied, t.arn(), name, caller.Service, caller.SourceARN, caller.SourceAccount)
}

// PolicyOf is the policy of a function, a version or an alias; nil for none.
func (s *State) PolicyOf(arn string) *policy.Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: arn})
	if err != nil || t.function.policies[t.qualifier] == nil {
		return nil
	}
	return t.function.policies[t.qualifier].document
}

// MayInvoke is nil if there is a function and the caller of ctx may invoke it.
func (s *State) MayInvoke(ctx context.Context, function string) error {
	_, err := s.prepare(ctx, function, nil, maxAsyncPayload)
	return err
}

// AddPermissionInput is the request of AddPermission.
type AddPermissionInput struct {
	FunctionName   string `path:"FunctionName" json:"-"`
	Qualifier      string `query:"Qualifier" json:"-"`
	StatementId    string
	Action         string
	Principal      string
	PrincipalOrgID string
	SourceArn      string
	SourceAccount  string
	RevisionId     string
}

// See https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
var (
	actionPattern      = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	statementIDPattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,100}$`)
	accountPattern     = regexp.MustCompile(`^\d{12}$`)
)

// check finds what a statement cannot have.
func (in *AddPermissionInput) check() error {
	wrong := func(member, value string, pattern *regexp.Regexp) error {
		return wire.Errorf(codeInvalid, 0, "AddPermission: %s %.200q does not match %s", member, value, pattern)
	}
	switch {
	case !actionPattern.MatchString(in.Action):
		return wrong("Action", in.Action, actionPattern)
	case !statementIDPattern.MatchString(in.StatementId):
		return wrong("StatementId", in.StatementId, statementIDPattern)
	case in.SourceAccount != "" && !accountPattern.MatchString(in.SourceAccount):
		return wrong("SourceAccount", in.SourceAccount, accountPattern)
	case in.SourceArn != "" && !strings.HasPrefix(in.SourceArn, "arn:"):
		return wire.Errorf(codeInvalid, 0, "AddPermission: SourceArn %.200q is not an ARN", in.SourceArn)
	case in.Principal != "*" && !strings.ContainsAny(in.Principal, ".:") && !accountPattern.MatchString(in.Principal):
		return wire.Errorf(codeInvalid, 0, "The provided principal was invalid. Please check the principal and try again.")
	}
	return nil
}

// AddPermissionOutput is its answer: the statement in JSON.
type AddPermissionOutput struct{ Statement string }

// AddPermission adds a statement to the function's policy, which GetPolicy
// answers and a service that invokes it needs. Errors: ResourceConflictException for a
// statement id that is there already.
func (s *State) AddPermission(_ context.Context, in *AddPermissionInput) (*AddPermissionOutput, error) {
	if in.StatementId == "" || in.Action == "" || in.Principal == "" {
		return nil, wire.Errorf(codeInvalid, 0, "AddPermission: StatementId, Action and Principal are required")
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName, Qualifier: in.Qualifier})
	if err != nil {
		return nil, err
	}
	p := t.function.policies[t.qualifier]
	if p == nil {
		p = &permissions{}
	}
	if err := checkRevision(FunctionConfiguration{RevisionId: p.revision}, in.RevisionId); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.statements, func(st statement) bool { return st.Sid == in.StatementId }) {
		return nil, wire.Errorf(codeConflict, 409, "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", in.StatementId)
	}
	st := in.statement(t.arn())
	if p, err = p.with(append(slices.Clone(p.statements), st)); err != nil {
		return nil, err
	}
	t.function.policies[t.qualifier] = p
	text, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	return &AddPermissionOutput{Statement: string(text)}, nil
}

func (in *AddPermissionInput) statement(resource string) statement {
	st := statement{Sid: in.StatementId, Effect: "Allow", Action: in.Action, Resource: resource}
	switch {
	case in.Principal == "*":
		st.Principal = "*"
	case strings.Contains(in.Principal, "."):
		st.Principal = map[string]string{"Service": in.Principal}
	case strings.HasPrefix(in.Principal, "arn:"):
		st.Principal = map[string]string{"AWS": in.Principal}
	default:
		st.Principal = map[string]string{"AWS": "arn:aws:iam::" + in.Principal + ":root"}
	}
	st.Condition = map[string]map[string]string{}
	if in.SourceArn != "" {
		st.Condition["ArnLike"] = map[string]string{"AWS:SourceArn": in.SourceArn}
	}
	equals := map[string]string{}
	if in.SourceAccount != "" {
		equals["AWS:SourceAccount"] = in.SourceAccount
	}
	if in.PrincipalOrgID != "" {
		equals["aws:PrincipalOrgID"] = in.PrincipalOrgID
	}
	if len(equals) > 0 {
		st.Condition["StringEquals"] = equals
	}
	return st
}

// GetPolicyOutput is the answer of GetPolicy.
type GetPolicyOutput struct {
	Policy     string
	RevisionId string
}

// GetPolicy answers the statements that AddPermission kept.
func (s *State) GetPolicy(_ context.Context, in *GetFunctionInput) (*GetPolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	p := t.function.policies[t.qualifier]
	if p == nil || len(p.statements) == 0 {
		return nil, wire.Errorf(codeNotFound, 404, "The resource you requested does not exist.")
	}
	text, err := p.text()
	if err != nil {
		return nil, err
	}
	return &GetPolicyOutput{Policy: string(text), RevisionId: p.revision}, nil
}

// RemovePermissionInput is the request of RemovePermission.
type RemovePermissionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	StatementId  string `path:"StatementId" json:"-"`
	Qualifier    string `query:"Qualifier" json:"-"`
	RevisionId   string `query:"RevisionId" json:"-"`
}

// RemovePermission removes a statement by its id.
func (s *State) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName, Qualifier: in.Qualifier})
	if err != nil {
		return nil, err
	}
	at, p := -1, t.function.policies[t.qualifier]
	if p != nil {
		at = slices.IndexFunc(p.statements, func(st statement) bool { return st.Sid == in.StatementId })
	}
	if at < 0 {
		return nil, wire.Errorf(codeNotFound, 404, "Statement %s is not found in resource policy.", in.StatementId)
	}
	if err := checkRevision(FunctionConfiguration{RevisionId: p.revision}, in.RevisionId); err != nil {
		return nil, err
	}
	if p, err = p.with(slices.Delete(slices.Clone(p.statements), at, at+1)); err != nil {
		return nil, err
	}
	t.function.policies[t.qualifier] = p
	return &Empty{}, nil
}

package lambda

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

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

// policy is what a function, version or alias lets others do.
type policy struct {
	statements []statement
	revision   string
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

// AddPermissionOutput is its answer: the statement in JSON.
type AddPermissionOutput struct{ Statement string }

// AddPermission adds a statement to the function's policy, which GetPolicy
// answers. Nothing here enforces it. Errors: ResourceConflictException for a
// statement id that is there already.
func (s *State) AddPermission(_ context.Context, in *AddPermissionInput) (*AddPermissionOutput, error) {
	if in.StatementId == "" || in.Action == "" || in.Principal == "" {
		return nil, wire.Errorf(codeInvalid, 0, "AddPermission: StatementId, Action and Principal are required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName, Qualifier: in.Qualifier})
	if err != nil {
		return nil, err
	}
	p := t.function.policies[t.qualifier]
	if p == nil {
		p = &policy{}
	}
	if err := checkRevision(FunctionConfiguration{RevisionId: p.revision}, in.RevisionId); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.statements, func(st statement) bool { return st.Sid == in.StatementId }) {
		return nil, wire.Errorf(codeConflict, 409, "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", in.StatementId)
	}
	st := in.statement(t.arn())
	p.statements, p.revision = append(p.statements, st), wire.NewRequestID()
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
	text, err := json.Marshal(struct {
		Version   string
		Id        string
		Statement []statement
	}{"2012-10-17", "default", p.statements})
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
	p.statements, p.revision = slices.Delete(p.statements, at, at+1), wire.NewRequestID()
	return &Empty{}, nil
}

package lambda

import (
	"context"
	"encoding/json"
	"slices"

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

// AddPermissionInput is the request of AddPermission.
type AddPermissionInput struct {
	FunctionName  string `path:"FunctionName" json:"-"`
	StatementId   string
	Action        string
	Principal     string
	SourceArn     string
	SourceAccount string
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
	f, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(f.policy, func(st statement) bool { return st.Sid == in.StatementId }) {
		return nil, wire.Errorf(codeConflict, 409, "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", in.StatementId)
	}
	st := in.statement(f.config.FunctionArn)
	f.policy = append(f.policy, st)
	text, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	return &AddPermissionOutput{Statement: string(text)}, nil
}

func (in *AddPermissionInput) statement(resource string) statement {
	st := statement{Sid: in.StatementId, Effect: "Allow", Action: in.Action, Resource: resource}
	st.Principal = map[string]string{"Service": in.Principal}
	if in.Principal == "*" {
		st.Principal = "*"
	}
	if in.SourceArn != "" || in.SourceAccount != "" {
		st.Condition = map[string]map[string]string{}
	}
	if in.SourceArn != "" {
		st.Condition["ArnLike"] = map[string]string{"AWS:SourceArn": in.SourceArn}
	}
	if in.SourceAccount != "" {
		st.Condition["StringEquals"] = map[string]string{"AWS:SourceAccount": in.SourceAccount}
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
	f, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	if len(f.policy) == 0 {
		return nil, wire.Errorf(codeNotFound, 404, "The resource you requested does not exist.")
	}
	text, err := json.Marshal(struct {
		Version   string
		Id        string
		Statement []statement
	}{"2012-10-17", "default", f.policy})
	if err != nil {
		return nil, err
	}
	return &GetPolicyOutput{Policy: string(text), RevisionId: f.config.RevisionId}, nil
}

// RemovePermissionInput is the request of RemovePermission.
type RemovePermissionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	StatementId  string `path:"StatementId" json:"-"`
}

// RemovePermission removes a statement by its id.
func (s *State) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(f.policy, func(st statement) bool { return st.Sid == in.StatementId })
	if at < 0 {
		return nil, wire.Errorf(codeNotFound, 404, "Statement %s is not found in resource policy.", in.StatementId)
	}
	f.policy = slices.Delete(f.policy, at, at+1)
	return &Empty{}, nil
}

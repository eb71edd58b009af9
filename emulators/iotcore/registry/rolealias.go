package registry

import (
	"context"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// roleAlias stands for a role whose credentials devices ask for.
type roleAlias struct {
	name, role        string
	seconds           int // that credentials are valid
	created, modified time.Time
}

// Limits: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateRoleAlias.html
// and https://docs.aws.amazon.com/general/latest/gr/iot-core.html
const (
	maxAliases     = 100
	maxAliasName   = 128
	minSession     = 900
	maxSession     = 43200
	defaultSession = 3600
)

var aliasName = regexp.MustCompile(`^[\w=,@-]+$`)

// CreateRoleAliasInput is the request of CreateRoleAlias.
type CreateRoleAliasInput struct {
	RoleAlias                 string `json:"-" path:"roleAlias"`
	RoleArn                   string `json:"roleArn"`
	CredentialDurationSeconds *int   `json:"credentialDurationSeconds"`
	Tags                      []Tag  `json:"tags"`
}

// RoleAliasOutput is the answer of CreateRoleAlias and UpdateRoleAlias.
type RoleAliasOutput struct {
	RoleAlias    string `json:"roleAlias"`
	RoleAliasArn string `json:"roleAliasArn"`
}

// CreateRoleAlias enters an alias. Its role is assumed when a device asks for credentials.
func (s *State) CreateRoleAlias(_ context.Context, in *CreateRoleAliasInput) (*RoleAliasOutput, error) {
	now := time.Now().UTC()
	a := &roleAlias{name: in.RoleAlias, role: in.RoleArn, seconds: defaultSession, created: now, modified: now}
	set(&a.seconds, in.CredentialDurationSeconds)
	if err := a.check(); err != nil {
		return nil, err
	}
	defer s.change()()
	switch {
	case s.aliases[a.name] != nil:
		return nil, wire.Errorf(codeExists, 409, "Role alias %s already exists", a.name)
	case len(s.aliases) >= maxAliases:
		return nil, wire.Errorf(codeLimit, 410, "an account has at most %d role aliases", maxAliases)
	}
	if err := s.tag(s.aliasARN(a.name), in.Tags); err != nil {
		return nil, err
	}
	s.aliases[a.name] = a
	return &RoleAliasOutput{a.name, s.aliasARN(a.name)}, nil
}

func (a *roleAlias) check() error {
	switch {
	case len(a.name) > maxAliasName || !aliasName.MatchString(a.name):
		return invalid("role alias %q must match %s and have at most %d characters", a.name, aliasName, maxAliasName)
	case !wire.IsRole(a.role):
		return invalid("role alias %s: roleArn %q is not the ARN of a role", a.name, a.role)
	case a.seconds < minSession || a.seconds > maxSession:
		return invalid("role alias %s: credentialDurationSeconds is %d to %d, not %d", a.name, minSession, maxSession, a.seconds)
	}
	return nil
}

func (s *State) aliasARN(name string) string { return s.arn("rolealias/" + name) }

// alias finds an alias; the caller holds the lock.
func (s *State) alias(name string) (*roleAlias, error) {
	if a := s.aliases[name]; a != nil {
		return a, nil
	}
	return nil, notFound("Role alias %s not found", name)
}

// RoleAliasInput names an alias.
type RoleAliasInput struct {
	RoleAlias string `json:"-" path:"roleAlias"`
}

// RoleAliasDescription is what is known of an alias.
type RoleAliasDescription struct {
	RoleAlias                 string    `json:"roleAlias"`
	RoleAliasArn              string    `json:"roleAliasArn"`
	RoleArn                   string    `json:"roleArn"`
	Owner                     string    `json:"owner"`
	CredentialDurationSeconds int       `json:"credentialDurationSeconds"`
	CreationDate              wire.Time `json:"creationDate"`
	LastModifiedDate          wire.Time `json:"lastModifiedDate"`
}

// DescribeRoleAliasOutput is the answer of DescribeRoleAlias.
type DescribeRoleAliasOutput struct {
	Description RoleAliasDescription `json:"roleAliasDescription"`
}

// DescribeRoleAlias answers what is known of an alias.
func (s *State) DescribeRoleAlias(_ context.Context, in *RoleAliasInput) (*DescribeRoleAliasOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, err := s.alias(in.RoleAlias)
	if err != nil {
		return nil, err
	}
	return &DescribeRoleAliasOutput{RoleAliasDescription{
		a.name, s.aliasARN(a.name), a.role, s.config.Identity.Account, a.seconds, wire.At(a.created), wire.At(a.modified),
	}}, nil
}

// UpdateRoleAliasInput is the request of UpdateRoleAlias; what is nil stays.
type UpdateRoleAliasInput struct {
	RoleAlias                 string  `json:"-" path:"roleAlias"`
	RoleArn                   *string `json:"roleArn"`
	CredentialDurationSeconds *int    `json:"credentialDurationSeconds"`
}

// UpdateRoleAlias changes an alias; credentials that were issued stay valid.
func (s *State) UpdateRoleAlias(_ context.Context, in *UpdateRoleAliasInput) (*RoleAliasOutput, error) {
	defer s.change()()
	a, err := s.alias(in.RoleAlias)
	if err != nil {
		return nil, err
	}
	next := *a
	set(&next.role, in.RoleArn)
	set(&next.seconds, in.CredentialDurationSeconds)
	if err := next.check(); err != nil {
		return nil, err
	}
	next.modified = time.Now().UTC()
	*a = next
	return &RoleAliasOutput{a.name, s.aliasARN(a.name)}, nil
}

// DeleteRoleAlias forgets an alias.
func (s *State) DeleteRoleAlias(_ context.Context, in *RoleAliasInput) (*Empty, error) {
	defer s.change()()
	if _, err := s.alias(in.RoleAlias); err != nil {
		return nil, err
	}
	delete(s.aliases, in.RoleAlias)
	delete(s.tags, s.aliasARN(in.RoleAlias))
	return &Empty{}, nil
}

// ListRoleAliasesInput is the request of ListRoleAliases.
type ListRoleAliasesInput struct {
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
}

// ListRoleAliasesOutput is its answer.
type ListRoleAliasesOutput struct {
	RoleAliases []string `json:"roleAliases"`
	NextMarker  string   `json:"nextMarker,omitempty"`
}

// ListRoleAliases lists aliases by name, backward unless AscendingOrder.
func (s *State) ListRoleAliases(_ context.Context, in *ListRoleAliasesInput) (*ListRoleAliasesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	page, next, err := Page(ordered(sortedKeys(s.aliases), in.AscendingOrder), in.PageSize, in.Marker)
	if err != nil {
		return nil, err
	}
	return &ListRoleAliasesOutput{page, next}, nil
}

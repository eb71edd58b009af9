package iam

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type role struct {
	name, path, description string
	trust                   document
	id, arn                 string
	created                 time.Time
	maxSession              int32 // seconds
	tags                    tags
	inline                  map[string]document // by name
	attached                map[string]bool     // ARNs of managed policies
	known                   map[string]string   // values of the keys of conditions
}

// Role is a role as answers show it. AssumeRolePolicyDocument is URL-encoded.
type Role struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	Description              string `xml:",omitempty"`
	MaxSessionDuration       int32
	Tags                     []Tag `xml:"Tags>member"`
}

// RoleOutput is one role.
type RoleOutput struct{ Role Role }

func (r *role) show() Role {
	return Role{
		Path: r.path, RoleName: r.name, RoleId: r.id, Arn: r.arn, CreateDate: r.created.UTC().Format(time.RFC3339),
		AssumeRolePolicyDocument: encoded(r.trust.text), Description: r.description, MaxSessionDuration: r.maxSession, Tags: r.tags.list(),
	}
}

// CreateRoleInput describes a role.
type CreateRoleInput struct {
	RoleName                 string
	Path                     string
	AssumeRolePolicyDocument string
	Description              string
	MaxSessionDuration       int32
	Tags                     []Tag
}

// CreateRole makes a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func (s *State) CreateRole(_ context.Context, in *CreateRoleInput) (*RoleOutput, error) {
	if err := checkName("roleName", in.RoleName, 64); err != nil {
		return nil, err
	}
	if err := checkPath(&in.Path); err != nil {
		return nil, err
	}
	if err := checkText(in.Description); err != nil {
		return nil, err
	}
	trust, err := read(in.AssumeRolePolicyDocument, maxTrust, policy.ParseTrust)
	if err != nil {
		return nil, err
	}
	if in.MaxSessionDuration == 0 {
		in.MaxSessionDuration = 3600
	}
	if err := checkSession(in.MaxSessionDuration); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.role(in.RoleName) != nil {
		return nil, exists("Role", in.RoleName)
	}
	if len(s.roles) >= maxRoles {
		return nil, wire.Errorf("LimitExceeded", http.StatusConflict, "Cannot exceed quota for RolesPerAccount: %d", maxRoles)
	}
	r := &role{
		name: in.RoleName, path: in.Path, description: in.Description, trust: trust, maxSession: in.MaxSessionDuration,
		arn: s.arn("role" + in.Path + in.RoleName), created: time.Now(), inline: map[string]document{}, attached: map[string]bool{},
	}
	r.id = uniqueID("AROA", r.arn, r.created)
	if r.tags, err = r.tags.with(in.Tags, foldKeys); err != nil {
		return nil, err
	}
	s.know(r)
	s.roles[strings.ToLower(r.name)] = r
	s.decisions.forget()
	return &RoleOutput{r.show()}, nil
}

// know sets what conditions of a role's policies may ask for.
func (s *State) know(r *role) { r.known = policy.KnownOfRole(r.arn, s.account, s.region, r.tags) }

func checkSession(seconds int32) error {
	if seconds < 3600 || seconds > 43200 {
		return invalid("MaxSessionDuration is 3600 to 43200 seconds, not %d", seconds)
	}
	return nil
}

// RoleRef names a role.
type RoleRef struct{ RoleName string }

// RolePage asks for a page of what a role has.
type RolePage struct {
	RoleName string
	Marker   string
	MaxItems int32
}

// onRole does something to a role.
func (s *State) onRole(name string, do func(*role) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.role(name)
	if r == nil {
		return nil, missing("role with name", name)
	}
	return &Empty{}, do(r)
}

// changeRole does to a role what changes what it may do.
func (s *State) changeRole(name string, do func(*role) error) (*Empty, error) {
	return s.onRole(name, func(r *role) error {
		defer s.decisions.forget()
		return do(r)
	})
}

// GetRole shows a role.
func (s *State) GetRole(_ context.Context, in *RoleRef) (*RoleOutput, error) {
	var out RoleOutput
	_, err := s.onRole(in.RoleName, func(r *role) error { out.Role = r.show(); return nil })
	return &out, err
}

// ListRolesInput asks for the roles below a path.
type ListRolesInput struct {
	PathPrefix string
	Marker     string
	MaxItems   int32
}

// ListRolesOutput lists roles by name.
type ListRolesOutput struct {
	Roles []Role `xml:"Roles>member"`
	Paging
}

// ListRoles lists the roles below a path.
func (s *State) ListRoles(_ context.Context, in *ListRolesInput) (*ListRolesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListRolesOutput{}
	for _, r := range s.roles {
		if strings.HasPrefix(r.path, in.PathPrefix) {
			out.Roles = append(out.Roles, r.show())
		}
	}
	sort.Slice(out.Roles, func(i, j int) bool { return out.Roles[i].RoleName < out.Roles[j].RoleName })
	var err error
	out.Roles, out.Paging, err = page(out.Roles, in.Marker, in.MaxItems)
	return out, err
}

// UpdateRoleInput changes a role; what is absent stays.
type UpdateRoleInput struct {
	RoleName           string
	Description        *string
	MaxSessionDuration *int32
}

// UpdateRole changes description and session duration.
func (s *State) UpdateRole(_ context.Context, in *UpdateRoleInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if in.Description != nil {
			if err := checkText(*in.Description); err != nil {
				return err
			}
		}
		if in.MaxSessionDuration != nil {
			if err := checkSession(*in.MaxSessionDuration); err != nil {
				return err
			}
			r.maxSession = *in.MaxSessionDuration
		}
		if in.Description != nil {
			r.description = *in.Description
		}
		return nil
	})
}

// UpdateRoleDescriptionInput changes a role's description.
type UpdateRoleDescriptionInput struct{ RoleName, Description string }

// UpdateRoleDescription changes a role's description and shows the role.
func (s *State) UpdateRoleDescription(_ context.Context, in *UpdateRoleDescriptionInput) (*RoleOutput, error) {
	if err := checkText(in.Description); err != nil {
		return nil, err
	}
	var out RoleOutput
	_, err := s.onRole(in.RoleName, func(r *role) error { r.description = in.Description; out.Role = r.show(); return nil })
	return &out, err
}

// UpdateAssumeRolePolicyInput replaces a role's trust policy.
type UpdateAssumeRolePolicyInput struct{ RoleName, PolicyDocument string }

// UpdateAssumeRolePolicy replaces a role's trust policy.
func (s *State) UpdateAssumeRolePolicy(_ context.Context, in *UpdateAssumeRolePolicyInput) (*Empty, error) {
	trust, err := read(in.PolicyDocument, maxTrust, policy.ParseTrust)
	if err != nil {
		return nil, err
	}
	return s.changeRole(in.RoleName, func(r *role) error { r.trust = trust; return nil })
}

// DeleteRole deletes a role that has no policies any more.
func (s *State) DeleteRole(_ context.Context, in *RoleRef) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if len(r.attached) > 0 {
			return inUse("Cannot delete entity, must detach all policies first.")
		}
		if len(r.inline) > 0 {
			return inUse("Cannot delete entity, must delete policies first.")
		}
		delete(s.roles, strings.ToLower(r.name))
		return nil
	})
}

// InstanceProfiles is none: Shakedown has no instances.
type InstanceProfiles struct {
	InstanceProfiles struct{}
	IsTruncated      bool
}

// ListInstanceProfilesForRole lists none.
func (s *State) ListInstanceProfilesForRole(_ context.Context, in *RolePage) (*InstanceProfiles, error) {
	_, err := s.onRole(in.RoleName, func(*role) error { return nil })
	return &InstanceProfiles{}, err
}

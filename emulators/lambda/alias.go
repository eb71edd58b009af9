package lambda

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Alias is a name for a version, or for two.
type Alias struct {
	AliasArn        string
	Name            string
	FunctionVersion string
	RoutingConfig   *AliasRouting `json:",omitempty"`
	Description     string
	RevisionId      string
}

var aliasPattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)

// isNumber tells the name of a version.
func isNumber(name string) bool { return strings.Trim(name, "0123456789") == "" }

// CreateAliasInput is the request of CreateAlias.
type CreateAliasInput struct {
	FunctionName    string `path:"FunctionName" json:"-"`
	Name            string
	FunctionVersion string
	RoutingConfig   *AliasRouting
	Description     string
}

// CreateAlias names a version. Errors: ResourceConflictException,
// ResourceNotFoundException, InvalidParameterValueException.
func (s *State) CreateAlias(_ context.Context, in *CreateAliasInput) (*Alias, error) {
	if !aliasPattern.MatchString(in.Name) || isNumber(in.Name) {
		return nil, wire.Errorf(codeInvalid, 0, "%q is not the name of an alias: it has 1 to 128 letters, digits, - and _, and not only digits", in.Name)
	}
	if err := checkDescription(&in.Description); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	f := t.function
	if f.aliases[in.Name] != nil {
		return nil, wire.Errorf(codeConflict, 409, "Alias already exists: %s:%s", f.config.FunctionArn, in.Name)
	}
	a := s.newAlias(f, in.Name)
	if err := f.aim(a, &in.FunctionVersion, in.RoutingConfig); err != nil {
		return nil, err
	}
	a.Description, a.RevisionId = in.Description, wire.NewRequestID()
	f.aliases[in.Name] = a
	answer := a.Alias
	return &answer, nil
}

// checkVersion makes sure that an alias points to a version.
func (f *function) checkVersion(number string) error {
	if (number == latestVersion || (number != "" && isNumber(number))) && f.at(number) != nil {
		return nil
	}
	return wire.Errorf(codeNotFound, 404, "Function not found: %s:%s", f.config.FunctionArn, number)
}

// AliasRef names an alias in a path.
type AliasRef struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Name         string `path:"Name" json:"-"`
}

// alias finds an alias. The caller holds mu.
func (s *State) alias(function, name string) (*function, *alias, error) {
	t, err := s.resolve(FunctionRef{FunctionName: function})
	if err != nil {
		return nil, nil, err
	}
	if a := t.function.aliases[name]; a != nil {
		return t.function, a, nil
	}
	return nil, nil, wire.Errorf(codeNotFound, 404, "Cannot find alias arn: %s:%s", t.function.config.FunctionArn, name)
}

// GetAlias answers an alias. Errors: ResourceNotFoundException.
func (s *State) GetAlias(_ context.Context, in *AliasRef) (*Alias, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, a, err := s.alias(in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	answer := a.Alias
	return &answer, nil
}

// UpdateAliasInput is the request of UpdateAlias; nil leaves a member as it is.
type UpdateAliasInput struct {
	FunctionName    string `path:"FunctionName" json:"-"`
	Name            string `path:"Name" json:"-"`
	FunctionVersion *string
	RoutingConfig   *AliasRouting // without weights it ends the routing
	Description     *string
	RevisionId      string
}

// UpdateAlias lets an alias name other versions.
func (s *State) UpdateAlias(_ context.Context, in *UpdateAliasInput) (*Alias, error) {
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, a, err := s.alias(in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(FunctionConfiguration{RevisionId: a.RevisionId}, in.RevisionId); err != nil {
		return nil, err
	}
	if err := f.aim(a, in.FunctionVersion, in.RoutingConfig); err != nil {
		return nil, err
	}
	set(&a.Description, in.Description)
	a.RevisionId = wire.NewRequestID()
	answer := a.Alias
	return &answer, nil
}

// DeleteAlias removes an alias with its policy and settings; one that is not
// there is no error.
func (s *State) DeleteAlias(_ context.Context, in *AliasRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	t.function.forgetQualifier(in.Name)
	delete(t.function.aliases, in.Name)
	return &Empty{}, nil
}

// forgetQualifier removes what was set for an alias or version.
func (f *function) forgetQualifier(qualifier string) {
	delete(f.policies, qualifier)
	delete(f.invokes, qualifier)
}

// ListAliasesInput is the request of ListAliases.
type ListAliasesInput struct {
	FunctionName    string `path:"FunctionName" json:"-"`
	FunctionVersion string `query:"FunctionVersion" json:"-"`
	Marker          string `query:"Marker" json:"-"`
	MaxItems        int32  `query:"MaxItems" json:"-"`
}

// ListAliasesOutput is its answer, by name.
type ListAliasesOutput struct {
	Aliases    []Alias
	NextMarker string `json:",omitempty"`
}

// ListAliases answers pages of at most 50 aliases.
func (s *State) ListAliases(_ context.Context, in *ListAliasesInput) (*ListAliasesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	names := slices.DeleteFunc(slices.Collect(maps.Keys(t.function.aliases)), func(name string) bool {
		return in.FunctionVersion != "" && !t.function.aliases[name].leadsTo(in.FunctionVersion)
	})
	names, next, err := page(names, in.Marker, in.MaxItems, 50)
	if err != nil {
		return nil, err
	}
	out := &ListAliasesOutput{Aliases: []Alias{}, NextMarker: next}
	for _, name := range names {
		out.Aliases = append(out.Aliases, t.function.aliases[name].Alias)
	}
	return out, nil
}

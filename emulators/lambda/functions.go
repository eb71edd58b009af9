package lambda

import (
	"context"
	"maps"
	"slices"
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FunctionRef names a function in a path, with an optional qualifier: $LATEST, a
// version or an alias.
type FunctionRef struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Qualifier    string `query:"Qualifier" json:"-"`
}

// GetFunctionInput is the request of GetFunction.
type GetFunctionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Qualifier    string `query:"Qualifier" json:"-"`
}

// CodeLocation says where the deployment package can be fetched.
type CodeLocation struct {
	RepositoryType string
	Location       string `json:",omitempty"`
}

// GetFunctionOutput is its answer.
type GetFunctionOutput struct {
	Configuration FunctionConfiguration
	Code          CodeLocation
	Tags          map[string]string `json:",omitempty"`
	Concurrency   *Concurrency      `json:",omitempty"`
}

// GetFunction answers a function. Errors: ResourceNotFoundException.
func (s *State) GetFunction(_ context.Context, in *GetFunctionInput) (*GetFunctionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	out := &GetFunctionOutput{
		Configuration: t.version.config, Tags: maps.Clone(t.function.tags),
		Code: CodeLocation{RepositoryType: "S3", Location: s.location(t.version)},
	}
	if t.qualifier == latestVersion || t.function.aliases[t.qualifier] != nil {
		out.Configuration.FunctionArn = t.arn()
	}
	if t.function.reserved != nil {
		out.Concurrency = t.function.concurrency()
	}
	return out, nil
}

// GetFunctionConfiguration answers a function's configuration.
func (s *State) GetFunctionConfiguration(ctx context.Context, in *GetFunctionInput) (*FunctionConfiguration, error) {
	out, err := s.GetFunction(ctx, in)
	if err != nil {
		return nil, err
	}
	return &out.Configuration, nil
}

// UpdateFunctionConfigurationInput is the request of UpdateFunctionConfiguration;
// nil leaves a member as it is.
type UpdateFunctionConfigurationInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Role         *string
	Runtime      *string
	Handler      *string
	Description  *string
	Timeout      *int32
	MemorySize   *int32
	Environment  *Environment
	RevisionId   string
	// DeadLetterConfig with an empty ARN removes the queue.
	DeadLetterConfig *DeadLetterConfig
	LoggingConfig    *LoggingConfig
	fixed
}

// UpdateFunctionConfiguration changes $LATEST for later invocations.
func (s *State) UpdateFunctionConfiguration(_ context.Context, in *UpdateFunctionConfigurationInput) (*FunctionConfiguration, error) {
	if err := in.fixed.check("UpdateFunctionConfiguration"); err != nil {
		return nil, err
	}
	if d := in.DeadLetterConfig; d != nil {
		if err := s.checkDestination(d.TargetArn, deadLetterQueues, deadLetterQueues.failure); err != nil {
			return nil, err
		}
	}
	v, _, err := s.change(in.FunctionName, in.RevisionId, func(v *version) error {
		if err := in.apply(&v.config); err != nil {
			return err
		}
		return s.checkChange(in, v.config)
	})
	if err != nil {
		return nil, err
	}
	return &v.config, nil
}

// change puts a changed copy of $LATEST, with new processes, in its place.
func (s *State) change(ref, revision string, apply func(*version) error) (version, *function, error) {
	s.mu.Lock()
	t, err := s.resolve(FunctionRef{FunctionName: ref})
	if err != nil {
		s.mu.Unlock()
		return version{}, nil, err
	}
	f, v := t.function, t.function.version
	s.mu.Unlock()
	before := v.config.RevisionId
	if err := checkRevision(v.config, revision); err != nil {
		return version{}, nil, err
	}
	v.code, v.environments = nil, nil
	if err := apply(&v); err != nil {
		return version{}, nil, err
	}
	if err := s.load(&v); err != nil {
		return version{}, nil, err
	}
	v.config.touch()
	s.mu.Lock()
	if s.functions[v.config.FunctionName] != f || f.config.RevisionId != before {
		s.mu.Unlock()
		return version{}, nil, wire.Errorf(codeConflict, 409, "The operation cannot be performed at this time. An update is in progress for resource: %s", v.config.FunctionArn)
	}
	retired := f.code
	f.version = v
	s.mu.Unlock()
	s.retire(retired)
	return v, f, nil
}

// apply changes a configuration.
func (in *UpdateFunctionConfigurationInput) apply(c *FunctionConfiguration) error {
	set(&c.Role, in.Role)
	set(&c.Runtime, in.Runtime)
	set(&c.Handler, in.Handler)
	set(&c.Description, in.Description)
	set(&c.Timeout, in.Timeout)
	set(&c.MemorySize, in.MemorySize)
	if in.Environment != nil {
		c.Environment = in.Environment
	}
	if d := in.DeadLetterConfig; d != nil {
		if c.DeadLetterConfig = d; d.TargetArn == "" {
			c.DeadLetterConfig = nil
		}
	}
	if err := in.LoggingConfig.apply("UpdateFunctionConfiguration", c); err != nil {
		return err
	}
	return c.check()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Empty is an answer without members.
type Empty struct{}

// DeleteFunction removes a function with its versions and aliases, or the version
// that the qualifier names; a bound handler stays bound. Mappings stay too and
// fail until the function is there again, as on AWS.
func (s *State) DeleteFunction(_ context.Context, in *GetFunctionInput) (*Empty, error) {
	removed, err := s.remove(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	for _, v := range removed {
		s.retire(v.code)
	}
	return &Empty{}, nil
}

// remove takes out a function or a version and answers the versions with it.
func (s *State) remove(ref FunctionRef) ([]*version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(ref)
	if err != nil {
		return nil, err
	}
	f := t.function
	if t.qualifier == "" {
		s.unreserve(f)
		delete(s.functions, f.config.FunctionName)
		return append(f.published, &f.version), nil
	}
	if !isNumber(t.qualifier) {
		return nil, wire.Errorf(codeInvalid, 0, "%s cannot be deleted by itself: the qualifier of DeleteFunction is a version", t.qualifier)
	}
	for _, a := range f.aliases {
		if a.leadsTo(t.qualifier) {
			return nil, wire.Errorf(codeConflict, 409, "Version %s is referenced by alias %s", t.qualifier, a.Name)
		}
	}
	f.published = slices.DeleteFunc(f.published, func(v *version) bool { return v == t.version })
	f.forgetQualifier(t.qualifier)
	return []*version{t.version}, nil
}

// ListFunctionsInput is the request of ListFunctions.
type ListFunctionsInput struct {
	FunctionVersion string `query:"FunctionVersion" json:"-"`
	Marker          string `query:"Marker" json:"-"`
	MaxItems        int32  `query:"MaxItems" json:"-"`
}

// ListFunctionsOutput is its answer, by name.
type ListFunctionsOutput struct {
	Functions  []FunctionConfiguration
	NextMarker string `json:",omitempty"`
}

// ListFunctions answers pages of at most 50 functions, without their versions.
func (s *State) ListFunctions(_ context.Context, in *ListFunctionsInput) (*ListFunctionsOutput, error) {
	if in.FunctionVersion != "" {
		return nil, wire.Unsupported(codeInvalid, "ListFunctions", "FunctionVersion")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names, next, err := page(slices.Collect(maps.Keys(s.functions)), in.Marker, in.MaxItems, 50)
	if err != nil {
		return nil, err
	}
	out := &ListFunctionsOutput{Functions: []FunctionConfiguration{}, NextMarker: next}
	for _, name := range names {
		out.Functions = append(out.Functions, s.functions[name].config)
	}
	return out, nil
}

// page sorts names and returns those after marker, at most max, and the marker
// of the next page.
func page(names []string, marker string, max int32, limit int) ([]string, string, error) {
	if max < 0 || max > 10000 {
		return nil, "", wire.Errorf(codeInvalid, 0, "MaxItems %d is not between 1 and 10000", max)
	}
	if max > 0 && int(max) < limit {
		limit = int(max)
	}
	sort.Strings(names)
	from := sort.SearchStrings(names, marker)
	if from < len(names) && names[from] == marker && marker != "" {
		from++
	}
	names = names[from:]
	if len(names) <= limit {
		return names, "", nil
	}
	return names[:limit], names[limit-1], nil
}

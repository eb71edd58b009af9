package lambda

import (
	"context"
	"maps"
	"slices"
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FunctionRef names a function in a path, with an optional qualifier that can
// only be $LATEST.
type FunctionRef struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Qualifier    string `query:"Qualifier" json:"-"`
}

// resolve reads the reference. The caller holds mu.
func (s *State) resolve(ref FunctionRef) (*function, error) {
	name, err := s.nameOf(ref.FunctionName)
	if err != nil {
		return nil, err
	}
	if err := checkQualifier(ref.Qualifier); err != nil {
		return nil, err
	}
	return s.find(name)
}

// GetFunctionInput is the request of GetFunction.
type GetFunctionInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Qualifier    string `query:"Qualifier" json:"-"`
}

// GetFunctionOutput is its answer. It has no code location: the code is a
// handler in this process.
type GetFunctionOutput struct {
	Configuration FunctionConfiguration
	Tags          map[string]string `json:",omitempty"`
}

// GetFunction answers a function. Errors: ResourceNotFoundException.
func (s *State) GetFunction(_ context.Context, in *GetFunctionInput) (*GetFunctionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	return &GetFunctionOutput{Configuration: f.config, Tags: maps.Clone(f.tags)}, nil
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
}

// UpdateFunctionConfiguration changes a function for later invocations.
func (s *State) UpdateFunctionConfiguration(_ context.Context, in *UpdateFunctionConfigurationInput) (*FunctionConfiguration, error) {
	return s.change(in.FunctionName, func(f *function) error { return in.apply(&f.config) })
}

// change makes a changed copy of a function take its place, with new processes.
func (s *State) change(ref string, apply func(*function) error) (*FunctionConfiguration, error) {
	s.mu.Lock()
	old, err := s.resolve(FunctionRef{FunctionName: ref})
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	f := &function{config: old.config, zip: old.zip}
	s.mu.Unlock()
	revision := f.config.RevisionId
	if err := apply(f); err != nil {
		return nil, err
	}
	if err := s.load(f); err != nil {
		return nil, err
	}
	f.config.touch()
	s.mu.Lock()
	if s.functions[f.config.FunctionName] != old || old.config.RevisionId != revision {
		s.mu.Unlock()
		return nil, wire.Errorf(codeConflict, 409, "The operation cannot be performed at this time. An update is in progress for resource: %s", old.config.FunctionArn)
	}
	retired := old.code
	old.config, old.zip, old.code = f.config, f.zip, f.code
	s.mu.Unlock()
	s.retire(retired)
	return &f.config, nil
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
	return c.check()
}

// UpdateFunctionCodeInput is the request of UpdateFunctionCode.
type UpdateFunctionCodeInput struct {
	FunctionName  string `path:"FunctionName" json:"-"`
	ZipFile       []byte
	Architectures []string
	DryRun        bool
}

// UpdateFunctionCode changes a function's deployment package for later
// invocations.
func (s *State) UpdateFunctionCode(_ context.Context, in *UpdateFunctionCodeInput) (*FunctionConfiguration, error) {
	if len(in.ZipFile) == 0 {
		return nil, wire.Errorf(codeInvalid, 0, "UpdateFunctionCode: ZipFile is required")
	}
	if in.DryRun {
		return nil, wire.Unsupported(codeInvalid, "UpdateFunctionCode", "DryRun")
	}
	return s.change(in.FunctionName, func(f *function) error {
		f.zip = in.ZipFile
		f.config.measure(in.ZipFile)
		if len(in.Architectures) > 0 {
			f.config.Architectures = in.Architectures
		}
		return f.config.check()
	})
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Empty is an answer without members.
type Empty struct{}

// DeleteFunction removes the resource; the handler stays bound. Mappings stay
// too and fail until the function is there again, as on AWS.
func (s *State) DeleteFunction(_ context.Context, in *GetFunctionInput) (*Empty, error) {
	f, err := s.remove(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	s.retire(f.code)
	return &Empty{}, nil
}

func (s *State) remove(ref FunctionRef) (*function, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(ref)
	if err == nil {
		delete(s.functions, f.config.FunctionName)
	}
	return f, err
}

// ListFunctionsInput is the request of ListFunctions.
type ListFunctionsInput struct {
	Marker   string `query:"Marker" json:"-"`
	MaxItems int32  `query:"MaxItems" json:"-"`
}

// ListFunctionsOutput is its answer, by name.
type ListFunctionsOutput struct {
	Functions  []FunctionConfiguration
	NextMarker string `json:",omitempty"`
}

// ListFunctions answers pages of at most 50 functions.
func (s *State) ListFunctions(_ context.Context, in *ListFunctionsInput) (*ListFunctionsOutput, error) {
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

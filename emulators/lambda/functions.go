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
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	c := f.config
	set(&c.Role, in.Role)
	set(&c.Runtime, in.Runtime)
	set(&c.Handler, in.Handler)
	set(&c.Description, in.Description)
	set(&c.Timeout, in.Timeout)
	set(&c.MemorySize, in.MemorySize)
	if in.Environment != nil {
		c.Environment = in.Environment
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.touch()
	f.config = c
	return &c, nil
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
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	delete(s.functions, f.config.FunctionName)
	return &Empty{}, nil
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

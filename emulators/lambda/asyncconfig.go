package lambda

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// eventInvokeConfig is the own settings of a function, version or alias; nil
// members are defaults.
type eventInvokeConfig struct {
	retries  *int32
	age      *int32
	to       destinations
	modified wire.Time
}

// PutFunctionEventInvokeConfigInput is the request of
// PutFunctionEventInvokeConfig, where what is left out goes back to its default,
// and of UpdateFunctionEventInvokeConfig, where it stays.
type PutFunctionEventInvokeConfigInput struct {
	FunctionName             string `path:"FunctionName" json:"-"`
	Qualifier                string `query:"Qualifier" json:"-"`
	MaximumRetryAttempts     *int32
	MaximumEventAgeInSeconds *int32
	DestinationConfig        *DestinationConfig
}

// FunctionEventInvokeConfig is the settings of asynchronous invocation.
type FunctionEventInvokeConfig struct {
	FunctionArn              string
	LastModified             wire.Time
	MaximumRetryAttempts     *int32 `json:",omitempty"`
	MaximumEventAgeInSeconds *int32 `json:",omitempty"`
	DestinationConfig        *DestinationConfig
}

// PutFunctionEventInvokeConfig sets retries (0 to 2), age (60 s to 6 h) and the
// destinations of asynchronous invocations.
func (s *State) PutFunctionEventInvokeConfig(_ context.Context, in *PutFunctionEventInvokeConfigInput) (*FunctionEventInvokeConfig, error) {
	return s.configure(in, false)
}

// UpdateFunctionEventInvokeConfig changes those settings that it names.
func (s *State) UpdateFunctionEventInvokeConfig(_ context.Context, in *PutFunctionEventInvokeConfigInput) (*FunctionEventInvokeConfig, error) {
	return s.configure(in, true)
}

func (s *State) configure(in *PutFunctionEventInvokeConfigInput, keep bool) (*FunctionEventInvokeConfig, error) {
	if r := in.MaximumRetryAttempts; r != nil && (*r < 0 || *r > 2) {
		return nil, wire.Errorf(codeInvalid, 0, "MaximumRetryAttempts %d is not between 0 and 2", *r)
	}
	if a := in.MaximumEventAgeInSeconds; a != nil && (*a < 60 || *a > 21600) {
		return nil, wire.Errorf(codeInvalid, 0, "MaximumEventAgeInSeconds %d is not between 60 and 21600", *a)
	}
	to, err := s.destinationsOf(in.DestinationConfig, asyncDestinations)
	if err != nil {
		return nil, err
	}
	ref := FunctionRef{FunctionName: in.FunctionName, Qualifier: in.Qualifier}
	if err := s.mayReach(ref, to); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(ref)
	if err != nil {
		return nil, err
	}
	c := &eventInvokeConfig{retries: in.MaximumRetryAttempts, age: in.MaximumEventAgeInSeconds, to: to, modified: wire.At(time.Now())}
	if old := t.function.invokes[settingsKey(t.qualifier)]; keep {
		if old == nil {
			return nil, noInvokeConfig(t)
		}
		c.inherit(old, in)
	}
	t.function.invokes[settingsKey(t.qualifier)] = c
	return t.function.invokeConfig(settingsKey(t.qualifier)), nil
}

// mayReach asks the role of a function for destinations. One may be a function, whose
// policy is asked, too: the caller does not hold mu.
func (s *State) mayReach(ref FunctionRef, to destinations) error {
	name, qualifier, err := s.refOf(ref.FunctionName, ref.Qualifier)
	if err != nil {
		return err
	}
	role, err := s.roleOf(name, qualifier)
	if err != nil {
		return err
	}
	for _, arn := range []string{to.onSuccess, to.onFailure} {
		if err := s.maySend(role, arn); err != nil {
			return err
		}
	}
	return nil
}

// inherit takes what a request leaves out from the settings before.
func (c *eventInvokeConfig) inherit(old *eventInvokeConfig, in *PutFunctionEventInvokeConfigInput) {
	if c.retries == nil {
		c.retries = old.retries
	}
	if c.age == nil {
		c.age = old.age
	}
	if in.DestinationConfig == nil {
		c.to = old.to
	}
}

// settingsKey is how settings are kept: those of no qualifier are $LATEST's.
func settingsKey(qualifier string) string {
	if qualifier == "" {
		return latestVersion
	}
	return qualifier
}

func (f *function) invokeConfig(qualifier string) *FunctionEventInvokeConfig {
	c := f.invokes[qualifier]
	return &FunctionEventInvokeConfig{
		FunctionArn: f.config.FunctionArn + ":" + qualifier, LastModified: c.modified,
		MaximumRetryAttempts: c.retries, MaximumEventAgeInSeconds: c.age, DestinationConfig: c.to.answer(),
	}
}

// GetFunctionEventInvokeConfig answers the settings that were put.
func (s *State) GetFunctionEventInvokeConfig(_ context.Context, in *GetFunctionInput) (*FunctionEventInvokeConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.configured(in)
	if err != nil {
		return nil, err
	}
	return t.function.invokeConfig(settingsKey(t.qualifier)), nil
}

// DeleteFunctionEventInvokeConfig goes back to the defaults.
func (s *State) DeleteFunctionEventInvokeConfig(_ context.Context, in *GetFunctionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.configured(in)
	if err != nil {
		return nil, err
	}
	delete(t.function.invokes, settingsKey(t.qualifier))
	return &Empty{}, nil
}

func (s *State) configured(in *GetFunctionInput) (target, error) {
	t, err := s.resolve(FunctionRef(*in))
	if err == nil && t.function.invokes[settingsKey(t.qualifier)] == nil {
		err = noInvokeConfig(t)
	}
	return t, err
}

func noInvokeConfig(t target) error {
	return wire.Errorf(codeNotFound, 404, "The function %s doesn't have an EventInvokeConfig", t.arn())
}

// ListFunctionEventInvokeConfigsInput is the request of
// ListFunctionEventInvokeConfigs.
type ListFunctionEventInvokeConfigsInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Marker       string `query:"Marker" json:"-"`
	MaxItems     int32  `query:"MaxItems" json:"-"`
}

// ListFunctionEventInvokeConfigsOutput is its answer, by qualifier.
type ListFunctionEventInvokeConfigsOutput struct {
	FunctionEventInvokeConfigs []*FunctionEventInvokeConfig
	NextMarker                 string `json:",omitempty"`
}

// ListFunctionEventInvokeConfigs answers pages of at most 50 settings.
func (s *State) ListFunctionEventInvokeConfigs(_ context.Context, in *ListFunctionEventInvokeConfigsInput) (*ListFunctionEventInvokeConfigsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	names, next, err := page(slices.Collect(maps.Keys(t.function.invokes)), in.Marker, in.MaxItems, 50)
	if err != nil {
		return nil, err
	}
	out := &ListFunctionEventInvokeConfigsOutput{FunctionEventInvokeConfigs: []*FunctionEventInvokeConfig{}, NextMarker: next}
	for _, name := range names {
		out.FunctionEventInvokeConfigs = append(out.FunctionEventInvokeConfigs, t.function.invokeConfig(name))
	}
	return out, nil
}

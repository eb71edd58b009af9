package lambda

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PutFunctionEventInvokeConfigInput is the request of
// PutFunctionEventInvokeConfig; what is left out goes back to its default.
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
// on-failure queue of asynchronous invocations.
func (s *State) PutFunctionEventInvokeConfig(_ context.Context, in *PutFunctionEventInvokeConfigInput) (*FunctionEventInvokeConfig, error) {
	if r := in.MaximumRetryAttempts; r != nil && (*r < 0 || *r > 2) {
		return nil, wire.Errorf(codeInvalid, 0, "MaximumRetryAttempts %d is not between 0 and 2", *r)
	}
	if a := in.MaximumEventAgeInSeconds; a != nil && (*a < 60 || *a > 21600) {
		return nil, wire.Errorf(codeInvalid, 0, "MaximumEventAgeInSeconds %d is not between 60 and 21600", *a)
	}
	onFailure, err := in.DestinationConfig.queue(s)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.resolve(FunctionRef{FunctionName: in.FunctionName, Qualifier: in.Qualifier})
	if err != nil {
		return nil, err
	}
	f.invoke = &eventInvokeConfig{
		retries: in.MaximumRetryAttempts, age: in.MaximumEventAgeInSeconds, onFailure: onFailure, modified: wire.At(time.Now()),
	}
	return f.invokeConfig(), nil
}

func (f *function) invokeConfig() *FunctionEventInvokeConfig {
	return &FunctionEventInvokeConfig{
		FunctionArn: f.config.FunctionArn + ":" + latestVersion, LastModified: f.invoke.modified,
		MaximumRetryAttempts: f.invoke.retries, MaximumEventAgeInSeconds: f.invoke.age,
		DestinationConfig: destinationOf(f.invoke.onFailure),
	}
}

// GetFunctionEventInvokeConfig answers the settings that were put.
func (s *State) GetFunctionEventInvokeConfig(_ context.Context, in *GetFunctionInput) (*FunctionEventInvokeConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.configured(in)
	if err != nil {
		return nil, err
	}
	return f.invokeConfig(), nil
}

// DeleteFunctionEventInvokeConfig goes back to the defaults.
func (s *State) DeleteFunctionEventInvokeConfig(_ context.Context, in *GetFunctionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.configured(in)
	if err != nil {
		return nil, err
	}
	f.invoke = nil
	return &Empty{}, nil
}

func (s *State) configured(in *GetFunctionInput) (*function, error) {
	f, err := s.resolve(FunctionRef(*in))
	if err != nil {
		return nil, err
	}
	if f.invoke == nil {
		return nil, wire.Errorf(codeNotFound, 404, "The function %s doesn't have an EventInvokeConfig", f.config.FunctionArn)
	}
	return f, nil
}

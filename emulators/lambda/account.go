package lambda

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// GetAccountSettingsOutput is the answer of GetAccountSettings.
type GetAccountSettingsOutput struct {
	AccountLimit struct {
		CodeSizeUnzipped, CodeSizeZipped, TotalCodeSize      int64
		ConcurrentExecutions, UnreservedConcurrentExecutions int
	}
	AccountUsage struct {
		FunctionCount int64
		TotalCodeSize int64
	}
}

// totalCode is the default quota of all packages, in bytes. It is answered, not
// enforced.
const totalCode = 75 << 30

// GetAccountSettings answers limits and usage.
func (s *State) GetAccountSettings(context.Context, *Empty) (*GetAccountSettingsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &GetAccountSettingsOutput{}
	limit := &out.AccountLimit
	limit.CodeSizeUnzipped, limit.CodeSizeZipped, limit.TotalCodeSize = process.MaxUnzipped, process.MaxZip, totalCode
	limit.ConcurrentExecutions, limit.UnreservedConcurrentExecutions = s.config.Concurrency, s.config.Concurrency-s.reserved
	for _, f := range s.functions {
		out.AccountUsage.FunctionCount++
		out.AccountUsage.TotalCodeSize += f.config.CodeSize
		for _, v := range f.published {
			out.AccountUsage.TotalCodeSize += v.config.CodeSize
		}
	}
	return out, nil
}

// FunctionNameInput names a function in a path, without a qualifier.
type FunctionNameInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
}

// CodeSigning is the answer of GetFunctionCodeSigningConfig: functions are never
// signed here.
type CodeSigning struct{ FunctionName string }

// GetFunctionCodeSigningConfig answers that the function has none, as AWS does.
func (s *State) GetFunctionCodeSigningConfig(_ context.Context, in *FunctionNameInput) (*CodeSigning, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	return &CodeSigning{t.function.config.FunctionName}, nil
}

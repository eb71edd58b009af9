package fault

import (
	"context"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// InjectedError is what a function that a fault hits returns or panics with.
type InjectedError struct{ Function, Kind string }

func (e InjectedError) Error() string { return e.Function + ": injected " + e.Kind }

// WrapFunction puts the injector around the code of a function.
func (i *Injector) WrapFunction(name string, next lambda.GoHandler) lambda.GoHandler {
	return function{i, name, next}
}

type function struct {
	injector *Injector
	name     string
	next     lambda.GoHandler
}

// Invoke implements lambda.GoHandler.
func (f function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if f.injector.now.Load() == nil || exempt(ctx) {
		return f.next.Invoke(ctx, payload)
	}
	return f.through(ctx, payload, f.injector.befalling(func(a *active) bool {
		return a.Target.Function == f.name && functionKinds[a.Kind]
	}))
}

var functionKinds = map[simfault.Kind]bool{
	simfault.FunctionError: true, simfault.FunctionErrorAfter: true, simfault.FunctionPanic: true, simfault.FunctionTimeout: true,
}

// through runs the function inside the layers that the faults are.
func (f function) through(ctx context.Context, payload []byte, faults []*active) ([]byte, error) {
	if len(faults) == 0 {
		return f.next.Invoke(ctx, payload)
	}
	a := faults[0]
	if !a.hit(a.about("function", f.name, digest(payload))) {
		return f.through(ctx, payload, faults[1:])
	}
	a.count()
	injected := InjectedError{f.name, string(a.Kind)}
	switch a.Kind {
	case simfault.FunctionErrorAfter:
		if _, err := f.through(ctx, payload, faults[1:]); err != nil {
			return nil, err
		}
	case simfault.FunctionPanic:
		panic(injected)
	case simfault.FunctionTimeout:
		<-ctx.Done()
		return nil, fmt.Errorf("%w: %w", injected, ctx.Err())
	}
	return nil, injected
}

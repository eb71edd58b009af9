package fault

import (
	"context"
	"net"
	"os"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// exchange is a call on its way, over HTTP or by a method: what the faults of
// services act on. Q is the request, A the answer.
type exchange[Q, A any] struct {
	call
	key string // what the call carries
	// refuse answers with an error of the service, drop throws an answer away.
	refuse func(failure) (A, error)
	drop   func(A)
	// split does the call for those entries that are not to fail; nil when the
	// call is no batch.
	split func(ctx context.Context, q Q, a *active, do func(Q) (A, error)) (A, error)
}

// through does the call inside the layers that the faults are, the first
// outermost.
func (x exchange[Q, A]) through(ctx context.Context, q Q, faults []*active, do func(Q) (A, error)) (A, error) {
	if len(faults) == 0 {
		return do(q)
	}
	a := faults[0]
	inner := func(q Q) (A, error) { return x.through(ctx, q, faults[1:], do) }
	if a.Kind == simfault.PartialBatchFailure { // draws by entry
		if x.split == nil {
			return inner(q)
		}
		return x.split(ctx, q, a, inner)
	}
	s := a.about(x.service, x.operation, x.key)
	if !a.hit(s) {
		return inner(q)
	}
	a.count()
	return x.suffer(ctx, a, s, func() (A, error) { return inner(q) })
}

// suffer is what happens to a call that a fault hits.
func (x exchange[Q, A]) suffer(ctx context.Context, a *active, s subject, do func() (A, error)) (A, error) {
	switch a.Kind {
	case simfault.Throttle:
		return x.refuse(services[x.service].throttle)
	case simfault.ServerError:
		return x.refuse(services[x.service].broken)
	case simfault.LostAnswer:
		answer, err := do()
		if err != nil {
			return answer, err
		}
		x.drop(answer)
		return x.refuse(services[x.service].broken)
	case simfault.Timeout:
		var none A
		return none, a.hang(ctx)
	case simfault.SlowCalls:
		answer, err := do()
		if pause.For(ctx, a.pause(s)) {
			return answer, err
		}
		if err == nil {
			x.drop(answer)
		}
		var none A
		return none, ctx.Err()
	}
	return do()
}

// hang waits until the caller gives up, Delay has passed or the fault ends; the
// latter two break the connection.
func (a *active) hang(ctx context.Context) error {
	var late <-chan time.Time
	if a.Delay > 0 {
		timer := time.NewTimer(a.Delay)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-late:
	case <-a.over:
	}
	return &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
}

package fault

import "context"

type exemptKey struct{}

// Exempt marks what is done in ctx as the simulator's own, such as read-backs and
// look-ups: no fault befalls it. A function that is invoked synchronously with
// such a context is exempt, too, with all it calls.
func Exempt(ctx context.Context) context.Context {
	return context.WithValue(ctx, exemptKey{}, true)
}

func exempt(ctx context.Context) bool { return ctx.Value(exemptKey{}) != nil }

type passedKey struct{}

// passed marks a call that has been through the injector as a rule's target, so
// that its way over HTTP is not a second call. It names the call, so that nothing
// else that happens in its context is spared.
func passed(ctx context.Context, c call) context.Context {
	return context.WithValue(ctx, passedKey{}, c)
}

func hasPassed(ctx context.Context, c call) bool { return ctx.Value(passedKey{}) == c }

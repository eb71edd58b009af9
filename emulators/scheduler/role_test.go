package scheduler_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

// roles keeps what they are asked, and then refuse.
type roles struct {
	asked   []string
	refusal error
}

func (r *roles) Decide(u policy.Use) error {
	r.asked = append(r.asked, u.Action)
	return r.refusal
}

// TestTheRoleIsAskedForOnce: its trust when a schedule is made; at a firing a role that may
// not be assumed can send no dead letter either.
func TestTheRoleIsAskedForOnce(t *testing.T) {
	for name, c := range map[string]struct {
		refusal error
		asked   []string
	}{
		"allows":             {nil, []string{"lambda:InvokeFunction"}},
		"does not trust":     {&policy.Refusal{Assume: true, Reason: "no"}, []string{"lambda:InvokeFunction"}},
		"allows no function": {&policy.Refusal{Reason: "no"}, []string{"lambda:InvokeFunction", "sqs:SendMessage"}},
		"of another kind":    {errors.New("no"), []string{"lambda:InvokeFunction", "sqs:SendMessage"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &roles{}
				s := scheduler.New(scheduler.Config{Invoker: &functions{}, Queue: &queue{}, Roles: r})
				_, err := sdk(s).CreateSchedule(t.Context(), withDeadLetters(input("sweep", "rate(1 hour)")))
				require.NoError(t, err)
				require.Equal(t, []string{""}, r.asked)
				r.asked, r.refusal = nil, c.refusal
				running(t, s, func() { time.Sleep(time.Minute) })
				require.Equal(t, c.asked, r.asked)
			})
		})
	}
}

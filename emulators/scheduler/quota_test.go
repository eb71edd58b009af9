package scheduler

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSchedulesAreBounded: by their number, and by the size of their inputs together.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
func TestSchedulesAreBounded(t *testing.T) {
	s := New(Config{Invoker: anyInvoker{}})
	in := func(name string, bytes int) *CreateScheduleInput {
		return &CreateScheduleInput{Name: name, Spec: Spec{ScheduleExpression: "rate(1 hour)", FlexibleTimeWindow: &FlexibleTimeWindow{Mode: "OFF"},
			Target: &Target{Arn: "arn:aws:lambda:us-east-1:000000000000:function:f", RoleArn: "arn:aws:iam::000000000000:role/r", Input: `"` + strings.Repeat("x", bytes-2) + `"`}}}
	}
	refused := func(err error) {
		t.Helper()
		require.ErrorContains(t, err, "ServiceQuotaExceededException")
	}
	most := maxInputs / maxInput
	for i := range most {
		_, err := s.CreateSchedule(t.Context(), in(fmt.Sprint("big", i), maxInput))
		require.NoError(t, err)
	}
	_, err := s.CreateSchedule(t.Context(), in("more", 3))
	refused(err)
	_, err = s.UpdateSchedule(t.Context(), in("big0", maxInput-3))
	require.NoError(t, err)
	_, err = s.CreateSchedule(t.Context(), in("more", 3))
	require.NoError(t, err)
	_, err = s.UpdateSchedule(t.Context(), in("more", 4))
	refused(err)
	for i := range most {
		_, err = s.DeleteSchedule(t.Context(), &DeleteScheduleInput{Name: fmt.Sprint("big", i)})
		require.NoError(t, err)
	}
	for i := range maxSchedules - 1 {
		_, err := s.CreateSchedule(t.Context(), in(fmt.Sprint("small", i), 3))
		require.NoError(t, err)
	}
	_, err = s.CreateSchedule(t.Context(), in("last", 3))
	refused(err)
	_, err = s.CreateSchedule(t.Context(), in("small0", 3))
	require.ErrorContains(t, err, "ConflictException")
}

// anyInvoker invokes nothing.
type anyInvoker struct{}

func (anyInvoker) InvokeAsync(context.Context, string, []byte) error { return nil }

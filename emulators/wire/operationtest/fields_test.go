package operationtest

import (
	"context"
	"reflect"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

type colour string

func (colour) Values() []colour { return []colour{"RED"} }

type tag struct {
	Key   *string
	Inner *tag
}

type putInput struct {
	Name    *string
	Colour  colour
	Ignored *int32
	Refused *bool
	Tags    []tag
	Deep    *deep
}

type deep struct{ Kept, Lost map[string]tag }

// painter is a client as the SDK generates them, with its service.
type painter struct{ lenient bool }

type options struct {
	APIOptions []func(*struct{})
}

func (p painter) PutThing(_ context.Context, in *putInput, _ ...func(*options)) (*struct{}, error) {
	switch {
	case in.Refused != nil:
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "PutThing: re-fused is not implemented"}
	case in.Colour != "RED" && in.Colour != "" && !p.lenient:
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "a constraint"}
	case in.Name == nil:
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "deep in something else"}
	}
	return nil, nil
}

func TestFields(t *testing.T) {
	one := "1"
	calls := []call{
		{"PutThing", reflect.ValueOf(putInput{Name: &one, Colour: "RED", Tags: []tag{{Key: &one}}}), nil},
		{"PutThing", reflect.ValueOf(putInput{Name: &one, Ignored: new(int32), Deep: &deep{Kept: map[string]tag{"a": {Key: &one, Inner: &tag{}}}}}), nil},
	}
	of := func(p painter, except map[string]string, calls ...call) *fields {
		return &fields{calls: calls, client: reflect.ValueOf(p), except: except}
	}
	require.Equal(t, []string{
		"PutThing.Tags[].Inner is in no call of the test's that succeeded, and is not refused",
		"PutThing.Deep.Lost is in no call of the test's that succeeded, and is not refused",
	}, of(painter{}, nil, calls...).check(t.Context()))
	require.Equal(t, []string{
		"PutThing.Colour may have a value that does not exist",
		"PutThing.Tags[].Inner is in no call of the test's that succeeded, and is not refused",
		"PutThing.Ignored is passed over without need",
	}, of(painter{lenient: true}, map[string]string{"PutThing.Deep.Lost": "reason", "PutThing.Ignored": "reason"}, calls...).check(t.Context()))
	require.Equal(t, []string{
		"PutThing.Ignored is in no call of the test's that succeeded, and is not refused",
		"PutThing.Tags[].Inner is in no call of the test's that succeeded, and is not refused",
		"PutThing.Deep is in no call of the test's that succeeded, and is not refused",
	}, of(painter{}, nil, calls[0]).check(t.Context()), "a parent that is not looked at stands for its members")
	gone := call{"PutThing", reflect.ValueOf(putInput{Colour: "RED", Tags: []tag{{Key: &one}}}), nil}
	require.Subset(t, of(painter{}, nil, gone).check(t.Context()), []string{
		"PutThing.Ignored is in no call that succeeded, and an error does not name it: api error ValidationException: deep in something else",
		"PutThing.Deep is in no call that succeeded, and makes no difference to: api error ValidationException: deep in something else",
	})
	plain := call{"PutThing", reflect.ValueOf(putInput{Name: &one}), nil}
	require.Contains(t, of(painter{}, nil, plain).check(t.Context()), "PutThing.Colour is in no call of the test's that succeeded, and is not refused", "RED is taken")
	refused := call{"PutThing", reflect.ValueOf(putInput{Ignored: new(int32)}), &smithy.GenericAPIError{Code: "C", Message: "ignored must be positive"}}
	require.NotContains(t, of(painter{}, nil, calls[0], refused).check(t.Context()), "PutThing.Ignored is in no call of the test's that succeeded, and is not refused")
}

// TestSetCopies wants the input of a call left as it was.
func TestSetCopies(t *testing.T) {
	one := "1"
	in := putInput{Tags: []tag{{Key: &one}}, Deep: &deep{Kept: map[string]tag{"a": {}}}}
	for _, p := range []path{{"Tags", element, "Inner"}, {"Deep", "Kept", element, "Key"}, {"Deep", "Lost"}} {
		with, ok := set(reflect.ValueOf(in), p, something(0))
		require.True(t, ok, p)
		require.NotEmpty(t, find(with, p[:len(p)-1]), p)
		require.True(t, holds(with, p), p)
		require.False(t, holds(reflect.ValueOf(in), p), p)
	}
	_, ok := set(reflect.ValueOf(in), path{"Deep", "Lost", element, "Key"}, something(0))
	require.False(t, ok, "nothing is on the way")
}

package operationtest

import (
	"context"
	"errors"
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

// closed is a client whose service refuses all.
type closed struct{ err error }

func (c closed) PutThing(context.Context, *putInput, ...func(*options)) (*struct{}, error) {
	return nil, c.err
}

func put(in putInput, err error) call {
	return call{operation: "PutThing", in: reflect.ValueOf(in), err: err}
}

func TestFields(t *testing.T) {
	one := "1"
	calls := []call{
		put(putInput{Name: &one, Colour: "RED", Tags: []tag{{Key: &one}}}, nil),
		put(putInput{Name: &one, Ignored: new(int32), Deep: &deep{Kept: map[string]tag{"a": {Key: &one, Inner: &tag{}}}}}, nil),
	}
	of := func(p painter, except map[string]string, calls ...call) *fields {
		f := &fields{client: reflect.ValueOf(p), except: except}
		for _, c := range calls {
			c.unknown = f.unknown(t.Context(), c.operation, c.in)
			f.calls = append(f.calls, c)
		}
		return f
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
	require.Contains(t, of(painter{lenient: true}, map[string]string{"PutThing.Deep.Lost": " "}, calls...).check(t.Context()), "PutThing.Deep.Lost is passed over without a reason")
	gone := put(putInput{Colour: "RED", Tags: []tag{{Key: &one}}}, nil)
	require.Subset(t, of(painter{}, nil, gone).check(t.Context()), []string{
		"PutThing.Ignored is in no call that succeeded, and an error does not name it: api error ValidationException: deep in something else",
		"PutThing.Deep is in no call that succeeded, and makes no difference to: api error ValidationException: deep in something else",
	})
	plain := put(putInput{Name: &one}, nil)
	require.Contains(t, of(painter{}, nil, plain).check(t.Context()), "PutThing.Colour is in no call of the test's that succeeded, and is not refused", "RED is taken")
	refused := put(putInput{Ignored: new(int32)}, &smithy.GenericAPIError{Code: "C", Message: "ignored must be positive"})
	require.NotContains(t, of(painter{}, nil, calls[0], refused).check(t.Context()), "PutThing.Ignored is in no call of the test's that succeeded, and is not refused")
}

// TestUnknownIsAskedBeforeTheCall wants what a call makes impossible not to hide that it
// would take a value that does not exist, nor an error of another call that names the member.
func TestUnknownIsAskedBeforeTheCall(t *testing.T) {
	one, taken := "1", &smithy.GenericAPIError{Code: "C", Message: "colour and name are taken"}
	f := &fields{client: reflect.ValueOf(painter{lenient: true})}
	made := put(putInput{Name: &one, Colour: "RED"}, nil)
	made.unknown = f.unknown(t.Context(), made.operation, made.in)
	f.client = reflect.ValueOf(closed{taken})
	f.calls = []call{made, put(putInput{Name: &one, Colour: "RED"}, taken)}
	require.Contains(t, f.check(t.Context()), "PutThing.Colour may have a value that does not exist")
}

func TestNames(t *testing.T) {
	for _, one := range []struct {
		member, message string
		want            bool
	}{
		{"Id", "the queue is invalid", false},
		{"Type", "prototypes are refused", false},
		{"Id", "the shard's id is none", true},
		{"Name", "member \"TableName\" is not implemented", true},
		{"LogType", "X-Amz-Log-Type is not None or Tail", true},
		{"SSEType", "1 validation error detected: at 'sSESpecification.sSEType'", true},
		{"StreamARN", "the stream ARN is none", true},
		{"StreamARN", "the stream is none", false},
	} {
		err := &smithy.GenericAPIError{Code: "C", Message: one.message}
		require.Equal(t, one.want, names(err, path{"Parent", one.member, element}), one)
	}
	require.False(t, names(errors.New("id"), path{"Id"}), "not the service's")
}

func TestEnumerationsAreFoundWhereverTheyAre(t *testing.T) {
	type inner struct {
		Colour *colour
		Inner  *inner
	}
	type input struct {
		Name    *string
		Colour  colour
		Colours []colour
		Deep    map[string]*inner
	}
	require.Equal(t, []path{{"Colour"}, {"Colours", element}, {"Deep", element, "Colour"}}, enumerations(reflect.TypeFor[input](), nil, nil))
	red := colour("RED")
	in := reflect.ValueOf(input{Colours: []colour{"RED"}, Deep: map[string]*inner{"a": {Colour: &red}}})
	for _, p := range []path{{"Colours", element}, {"Deep", element, "Colour"}} {
		with, ok := set(in, p, unknownValue)
		require.True(t, ok, p)
		require.Equal(t, "shakedown-unknown", find(with, p)[0].String(), p)
	}
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

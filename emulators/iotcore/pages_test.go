package iotcore

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"
)

// pages wants a list of two items or more to be the same one at a time, and where it has
// an order, turned around.
func pages[In, Out, Options any](t *testing.T, list func(context.Context, *In, ...func(*Options)) (*Out, error), in In) {
	t.Helper()
	call := func(in In) (items []any, next *string) {
		t.Helper()
		out, err := list(t.Context(), &in)
		require.NoError(t, err)
		return listed(reflect.ValueOf(out).Elem())
	}
	all, next := call(in)
	require.Greater(t, len(all), 1, "%T", in)
	require.Nil(t, next)

	var single []any
	for one := in; len(single) < len(all); {
		v := reflect.ValueOf(&one).Elem()
		anyMember(v, "MaxResults", "PageSize").Set(reflect.ValueOf(aws.Int32(1)))
		items, next := call(one)
		require.Len(t, items, 1, "%T", in)
		single = append(single, items...)
		require.Equal(t, len(single) == len(all), next == nil, "%T: the last page, and no other, has no token", in)
		anyMember(v, "NextToken", "Marker").Set(reflect.ValueOf(next))
	}
	require.Equal(t, all, single, "%T", in)

	turned := in
	if order := reflect.ValueOf(&turned).Elem().FieldByName("AscendingOrder"); order.IsValid() {
		order.SetBool(true)
		backward, _ := call(turned)
		slices.Reverse(backward)
		require.Equal(t, all, backward, "%T", in)
	}
}

// listed takes apart the answer of a list operation.
func listed(out reflect.Value) (items []any, next *string) {
	for _, v := range out.Fields() {
		if v.Kind() != reflect.Slice {
			continue
		}
		for i := range v.Len() {
			items = append(items, v.Index(i).Interface())
		}
	}
	next, _ = anyMember(out, "NextToken", "NextMarker").Interface().(*string)
	return items, next
}

func anyMember(v reflect.Value, names ...string) reflect.Value {
	for _, name := range names {
		if field := v.FieldByName(name); field.IsValid() {
			return field
		}
	}
	panic(v.Type().String() + " has none of these members")
}

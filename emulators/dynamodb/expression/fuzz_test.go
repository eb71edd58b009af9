package expression

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FuzzExpression reads a text as every kind of expression and evaluates what
// is one. Every error is a ValidationException, evaluation never panics and
// never changes the item it reads.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		"a = :s AND (b > :n OR NOT contains(c, :s))", "size(a) BETWEEN :n AND :n", "a.b[0].#n IN (:s, :n)", "attribute_not_exists(Pictures.x) or begins_with(Title, :s)",
		"SET Price = Price + :n, RelatedItems[0] = :s REMOVE Pictures.RearView, RelatedItems[1] ADD Id :n DELETE Color :ss", "SET x = list_append(if_not_exists(x, :l), :l)",
		"Title, RelatedItems[2], Pictures.FrontView, #n", "Id = :n and begins_with(Title, :s)", "((a))", "(a) = (:s)", "a[", "#", ":", "SET a = (((:n", "a.b.c[0][1]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cache, i := new(Cache), item(t, product)
		bindings := func() *Bindings {
			return binding(t, `{"#n":"Comment"}`, `{":n":{"N":"1"},":s":{"S":"Red"},":l":{"L":[]},":ss":{"SS":["Red"]}}`)
		}
		valid := func(err error) bool {
			if err != nil {
				require.True(t, wire.IsCode(err, "ValidationException"), "%v", err)
			}
			return err == nil
		}
		if c, err := cache.Condition(FilterKind, text, bindings()); valid(err) {
			require.NotEqual(t, c.Holds(i), (&node{operator: "NOT", parts: []*node{c.root}}).holds(i))
			c.Holds(nil)
		}
		if c, err := cache.Condition(KeyConditionKind, text, bindings()); valid(err) {
			if terms, err := c.KeyTerms(); valid(err) {
				require.LessOrEqual(t, len(terms), 2)
			}
		}
		if p, err := cache.Projection(text, bindings()); valid(err) {
			require.LessOrEqual(t, p.Project(i).Size(), i.Size())
		}
		if u, err := cache.Update(text, bindings()); valid(err) {
			changed := i.Clone()
			valid(u.Apply(changed, true))
			valid(u.Apply(item(t, `{}`), false))
			u.Written(changed)
		}
		before, err := json.Marshal(item(t, product))
		require.NoError(t, err)
		after, err := json.Marshal(i)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after))
	})
}

package timestream

import (
	"slices"
	"testing"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/stretchr/testify/require"
)

func TestPointsKeepVersionsAndTextsOfLaterPoints(t *testing.T) {
	var p points
	want := map[int64]point{}
	put := func(pt point) {
		i, there := p.find(pt.at)
		if there {
			p.replace(i, pt)
		} else {
			p.insert(i, pt)
		}
		want[pt.at] = pt
	}
	for _, pt := range []point{
		{at: 20, version: 1, bits: 2}, {at: 40, version: 1, bits: 4},
		{at: 10, version: 1, bits: 1}, {at: 30, version: 7, bits: 3}, // before others, with a version
		{at: 25, version: 1, text: "warm"}, {at: 40, version: 2, text: "hot"}, {at: 50, version: 1, bits: 5},
		{at: 45, version: 1, multi: []measure{{name: "a", kind: value.Double, bits: 1}}},
	} {
		put(pt)
	}
	check := func() {
		require.Equal(t, len(want), p.len())
		for i := range p.len() {
			require.Equal(t, want[p.plain[i].at], p.get(i))
			require.True(t, i == 0 || p.plain[i-1].at < p.plain[i].at)
		}
	}
	check()
	p.shared = true
	seen, texts := p, slices.Clone(p.texts)
	for _, pt := range []point{{at: 25, version: 2, text: "cold"}, {at: 60, version: 1, text: "new"}, {at: 15, version: 1}} {
		put(pt)
	}
	check()
	require.Equal(t, texts, seen.texts, "what a query saw stays")
	for i, at := range []int64{10, 20, 25, 30, 40, 45, 50} {
		require.Equal(t, at, seen.plain[i].at)
	}
	require.Equal(t, 7, seen.len())
	p.trim(25)
	delete(want, 15)
	delete(want, 10)
	delete(want, 20)
	check()
}

// TestKeptDimensions: what is kept of a record is not what it was read from, and of a
// name that stands twice it is the last.
func TestKeptDimensions(t *testing.T) {
	body := []byte("ab|b|name|ab|old")
	text := wire.TextOf(body)
	r := Record{MeasureName: "m", Dimensions: []Dimension{
		{Name: text[0:2], Value: text[3:4]}, {Name: text[5:9], Value: text[13:16]}, {Name: text[3:4], Value: ""}, {Name: text[5:9], Value: text[10:12]},
	}}
	var tb table
	tb.sets = map[string][]Dimension{}
	kept := tb.dimensionsOf(r, string(r.appendKey(nil)))
	for i := range body {
		body[i] = 'x'
	}
	require.Equal(t, []Dimension{{Name: "ab", Value: "b"}, {Name: "b"}, {Name: "name", Value: "ab"}}, kept)
}

package timestream

import (
	"slices"
	"testing"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
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
			require.Equal(t, want[p.at[i]], p.get(i))
			require.True(t, i == 0 || p.at[i-1] < p.at[i])
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
	require.Equal(t, []int64{10, 20, 25, 30, 40, 45, 50}, seen.at)
	p.trim(25)
	delete(want, 15)
	delete(want, 10)
	delete(want, 20)
	check()
}

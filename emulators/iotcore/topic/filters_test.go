package topic

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// AWS.md §1: mochi matches both.
func TestFilters(t *testing.T) {
	tests := []struct {
		filter, topic string
		want          bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"a/b", "a/b", true},
		{"a/+", "a/b", true},
		{"a/+", "a", false},
		{"a/+", "a/b/c", false},
		{"+/b", "a/b", true},
		{"+/+", "a/b", true},
		{"+/+", "/a", true},
		{"#", "a/b/c", true},
		{"#", "a", true},
		{"a/#", "a/b", true},
		{"a/#", "a/b/c", true},
		{"a/#", "a/", true},
		// AWS.md §1: sensor/# does not match sensor.
		{"a/#", "a", false},
		{"a/+/c", "a//c", true},
		{"#", "$aws/events/presence/connected/a", false},
		{"+/events/presence/connected/a", "$aws/events/presence/connected/a", false},
		{"$aws/events/#", "$aws/events/presence/connected/a", true},
		{"$aws/events/presence/+/+", "$aws/events/presence/connected/a", true},
	}
	for _, test := range tests {
		var f Filters[int]
		f.Set(test.filter, "owner", 7)
		got := 0
		f.Match(test.topic, func(owner string, v int) {
			require.Equal(t, "owner", owner)
			require.Equal(t, 7, v)
			got++
		})
		want := 0
		if test.want {
			want = 1
		}
		require.Equal(t, want, got, "%s on %s", test.filter, test.topic)
		f.Remove(test.filter, "owner")
		require.Empty(t, f.root.next, "nothing is left of %s", test.filter)
	}
}

// matches is the obvious way to match, for comparison.
func matches(filter, topic string) bool {
	fs, ts := strings.Split(filter, "/"), strings.Split(topic, "/")
	for i, part := range fs {
		if i >= len(ts) {
			return false
		}
		wild := i > 0 || !strings.HasPrefix(topic, "$")
		if part == "#" && wild {
			return true
		}
		if part != ts[i] && !(part == "+" && wild) {
			return false
		}
	}
	return len(fs) == len(ts)
}

func FuzzFilters(f *testing.F) {
	f.Add("a/+/#", "a/b/c")
	f.Add("#", "$aws/x")
	f.Add("a/#", "a")
	f.Add("+", "")
	f.Fuzz(func(t *testing.T, filter, topic string) {
		if CheckWildcards(filter) != nil || strings.ContainsAny(topic, "+#") {
			t.Skip()
		}
		var index Filters[bool]
		index.Set(filter, "x", true)
		got := false
		index.Match(topic, func(string, bool) { got = true })
		if want := matches(filter, topic); got != want {
			t.Fatalf("filter %q on topic %q: got %v, want %v", filter, topic, got, want)
		}
	})
}

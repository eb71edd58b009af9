package scenarios

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOfflineDetectorIsJudgedAgainstTheTruth(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct {
		name  string
		heard []int
		found []int
		want  []OfflineVerdict
	}{
		{"always there", []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, nil, nil},
		{"found", []int{0, 2}, []int{8}, []OfflineVerdict{OfflineFound}},
		{"missed", []int{0, 2}, nil, []OfflineVerdict{OfflineMissed}},
		{"said too early", []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, []int{5}, []OfflineVerdict{OfflineFalse}},
		{"found, back, missed", []int{0, 9, 10}, []int{6}, []OfflineVerdict{OfflineFound, OfflineMissed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			watch := newOfflineWatch()
			for _, s := range c.heard {
				watch.hear("s1", at(s))
			}
			for _, s := range c.found {
				watch.observe(map[string]time.Time{"s1": at(s)}, at(s))
				watch.observe(nil, at(s+1))
			}
			var got []OfflineVerdict
			for _, found := range watch.cases(5*time.Second, time.Second, at(20)) {
				got = append(got, found.Verdict)
			}
			require.Equal(t, c.want, got)
		})
	}
}

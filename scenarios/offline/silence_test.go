package offline

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOfflineDetectorIsJudgedAgainstTheTruth(t *testing.T) {
	for _, c := range []struct {
		name  string
		heard []int
		found []int
		want  []judgement
	}{
		{"always there", []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, nil, nil},
		{"found", []int{0, 2}, []int{8}, []judgement{outageFound}},
		{"missed", []int{0, 2}, nil, []judgement{outageMissed}},
		{"said too early", []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, []int{5}, []judgement{falseAlarm}},
		{"found, back, missed", []int{0, 9, 10}, []int{6}, []judgement{outageFound, outageMissed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var watch Watch
			for _, s := range c.heard {
				watch.Hear("s1", second(s))
			}
			for _, s := range c.found {
				watch.Observe(map[string]time.Time{"s1": second(s)}, second(s))
				watch.Observe(nil, second(s+1))
			}
			var got []judgement
			for _, found := range (Trial{Watch: &watch, Silence: 5 * time.Second, Sweep: time.Second, End: second(20)}).Silences() {
				got = append(got, judgement(found.Verdict))
			}
			require.Equal(t, c.want, got)
		})
	}
}

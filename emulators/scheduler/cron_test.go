package scheduler

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const minuteLayout = "2006-01-02T15:04Z07:00"

// list is the first times of a cron expression after another, on the clock of a zone.
func list(t *testing.T, text, zone, after string, n int) []string {
	t.Helper()
	location, err := zoneOf(zone)
	require.NoError(t, err)
	c, ok := parseCron(text, location)
	require.True(t, ok, text)
	at, err := time.Parse(minuteLayout, after)
	require.NoError(t, err)
	var out []string
	for range n {
		if at = c.next(at); at.IsZero() {
			break
		}
		out = append(out, at.In(location).Format(minuteLayout))
	}
	return out
}

// TestCronFollowsTheExamplesOfAWS: of
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based and
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
func TestCronFollowsTheExamplesOfAWS(t *testing.T) {
	const thursday = "2026-11-26T23:58Z"
	for text, c := range map[string]struct {
		after string
		want  []string
	}{
		"15 10 ? * 6L 2022-2023": {"2023-10-27T10:14Z", []string{"2023-10-27T10:15Z", "2023-11-24T10:15Z", "2023-12-29T10:15Z"}}, // and never again
		"30 8 * * ? *":           {thursday, []string{"2026-11-27T08:30Z", "2026-11-28T08:30Z"}},
		"0 10 * * ? *":           {thursday, []string{"2026-11-27T10:00Z", "2026-11-28T10:00Z"}},
		"15 12 * * ? *":          {thursday, []string{"2026-11-27T12:15Z", "2026-11-28T12:15Z"}},
		"0 18 ? * MON-FRI *":     {thursday, []string{"2026-11-27T18:00Z", "2026-11-30T18:00Z", "2026-12-01T18:00Z"}},
		"0 8 1 * ? *":            {thursday, []string{"2026-12-01T08:00Z", "2027-01-01T08:00Z"}},
		"0/15 * * * ? *":         {thursday, []string{"2026-11-27T00:00Z", "2026-11-27T00:15Z", "2026-11-27T00:30Z"}},
		"0/10 * ? * MON-FRI *":   {"2026-11-27T23:45Z", []string{"2026-11-27T23:50Z", "2026-11-30T00:00Z", "2026-11-30T00:10Z"}},
		"0/5 8-17 ? * MON-FRI *": {"2026-11-27T17:50Z", []string{"2026-11-27T17:55Z", "2026-11-30T08:00Z"}},
		"0/30 20-2 ? * MON-FRI *": {"2026-11-27T22:30Z", []string{
			"2026-11-27T23:00Z", "2026-11-27T23:30Z", "2026-11-30T00:00Z", "2026-11-30T00:30Z", "2026-11-30T01:00Z", "2026-11-30T01:30Z",
			"2026-11-30T02:00Z", "2026-11-30T02:30Z", "2026-11-30T20:00Z"}},
		"0 12 * * ? *":    {thursday, []string{"2026-11-27T12:00Z"}},
		"5,35 14 * * ? *": {thursday, []string{"2026-11-27T14:05Z", "2026-11-27T14:35Z", "2026-11-28T14:05Z"}},
		// The wildcards, as the page describes them.
		"1/10 0 * * ? *":              {"2026-11-27T00:00Z", []string{"2026-11-27T00:01Z", "2026-11-27T00:11Z", "2026-11-27T00:21Z"}},
		"0 0 1-15 JAN,FEB,MAR ? *":    {"2026-11-26T00:00Z", []string{"2027-01-01T00:00Z", "2027-01-02T00:00Z"}},
		"0 0 7 * ? *":                 {thursday, []string{"2026-12-07T00:00Z", "2027-01-07T00:00Z"}},
		"0 0 L * ? *":                 {thursday, []string{"2026-11-30T00:00Z", "2026-12-31T00:00Z", "2027-01-31T00:00Z", "2027-02-28T00:00Z"}},
		"0 0 ? * L *":                 {thursday, []string{"2026-11-28T00:00Z", "2026-12-05T00:00Z"}},
		"0 0 3W * ? *":                {thursday, []string{"2026-12-03T00:00Z", "2027-01-04T00:00Z", "2027-02-03T00:00Z"}}, // January 3rd is a Sunday
		"0 0 1W MAY ? *":              {thursday, []string{"2027-05-03T00:00Z"}},                                           // the 1st is a Saturday
		"0 0 28W 2 ? 2027":            {thursday, []string{"2027-02-26T00:00Z"}},                                           // a Sunday, the last day
		"0 0 ? * 3#2 *":               {thursday, []string{"2026-12-08T00:00Z", "2027-01-12T00:00Z"}},
		"0 0 ? * TUE#5 *":             {thursday, []string{"2026-12-29T00:00Z", "2027-03-30T00:00Z"}},
		"0 8 ? * 2#1 *":               {thursday, []string{"2026-12-07T08:00Z"}}, // the first Monday
		"0 8 1 * ?":                   {thursday, []string{"2026-12-01T08:00Z"}}, // the year is optional
		"0 0 29 2 ? *":                {thursday, []string{"2028-02-29T00:00Z", "2032-02-29T00:00Z"}},
		"0 0 30 2 ? *":                {thursday, nil},
		"0 0 1 1 ? 2199":              {thursday, []string{"2199-01-01T00:00Z"}},
		"0 0 1 1 ? 1970":              {thursday, nil},
		"0 0 ? * 2,3,4,5,6,7 2030":    {"2029-12-31T00:00Z", []string{"2030-01-01T00:00Z"}},
		"  0\t0   1 1 ?  2030 ":       {thursday, []string{"2030-01-01T00:00Z"}},
		"0 0 1 NOV-FEB ? *":           {thursday, []string{"2026-12-01T00:00Z", "2027-01-01T00:00Z", "2027-02-01T00:00Z", "2027-11-01T00:00Z"}},
		"0-15/5 8-8 ? * SAT-SUN 2030": {thursday, []string{"2030-01-05T08:00Z", "2030-01-05T08:05Z"}},
	} {
		n := len(c.want)
		if text == "15 10 ? * 6L 2022-2023" || n == 0 {
			n++
		}
		require.Equal(t, c.want, list(t, text, "UTC", c.after, n), text)
	}
}

func TestCronRefusesWhatItIsNot(t *testing.T) {
	for _, text := range []string{
		"", "* * * *", "* * * * * *", "0 12 ? * ? *", "0 12 1 * MON *", "0 12 1 * * *", "60 * * * ? *", "-1 * * * ? *", "* 24 * * ? *", "* * 0 * ? *",
		"* * 32 * ? *", "* * * 0 ? *", "* * * 13 ? *", "* * * JANUARY ? *", "* * ? * 0 *", "* * ? * 8 *", "* * ? * 3#1,6#3 *", "* * ? * 3#6 *", "* * ? * 3#0 *",
		"* * * * ? 1969", "* * * * ? 2200", "*/0 * * * ? *", "1/ * * * ? *", "/5 * * * ? *", "1- * * * ? *", "1-2-3 * * * ? *", "1,,2 * * * ? *", "1, * * * ? *",
		"* * 32W * ? *", "* * W * ? *", "* * LW * ? *", "* * 1,L * ? *", "? * * * ? *", "99999999999999999999 * * * ? *", "* * ? * MON#1 * *", "+1 * * * ? *",
	} {
		_, ok := parseCron(text, time.UTC)
		require.False(t, ok, text)
	}
}

// TestCronOnADayWhoseClockIsPut: what the clock does not show is skipped, what it shows twice
// is one time.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
func TestCronOnADayWhoseClockIsPut(t *testing.T) {
	const west = "America/Los_Angeles"
	require.Equal(t, []string{"2026-03-07T02:30-08:00", "2026-03-09T02:30-07:00"}, list(t, "30 2 * * ? *", west, "2026-03-07T00:00-08:00", 2))
	require.Equal(t, []string{"2026-03-08T01:30-08:00", "2026-03-08T03:30-07:00"}, list(t, "30 * * * ? *", west, "2026-03-08T01:00-08:00", 2))
	require.Equal(t, []string{"2026-10-31T01:30-07:00", "2026-11-01T01:30-07:00", "2026-11-02T01:30-08:00"}, list(t, "30 1 * * ? *", west, "2026-10-31T00:00-07:00", 3))
	require.Equal(t, []string{"2026-11-01T01:30-07:00", "2026-11-01T02:00-08:00"}, list(t, "0/30 * * * ? *", west, "2026-11-01T01:00-07:00", 2))
	require.Equal(t, []string{"2026-11-01T02:00-08:00"}, list(t, "0/30 * * * ? *", west, "2026-11-01T01:10-08:00", 1), "in the hour that is shown again")
	require.Equal(t, []string{"2026-04-05T01:45+11:00", "2026-04-05T02:00+10:30"}, list(t, "0/15 * * * ? *", "Australia/Lord_Howe", "2026-04-05T01:30+11:00", 2), "half an hour")
	require.Equal(t, []string{"2011-12-29T12:00-10:00", "2011-12-31T12:00+14:00"}, list(t, "0 12 * * ? *", "Pacific/Apia", "2011-12-29T00:00-10:00", 2), "a day that was not")
}

func TestZones(t *testing.T) {
	for _, name := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "UTC+1"} {
		_, err := zoneOf(name)
		require.ErrorContains(t, err, "ValidationException", name)
	}
}

// FuzzParseCron: what is read has times that go forward, on the clock that it says.
func FuzzParseCron(f *testing.F) {
	for _, text := range []string{"15 10 ? * 6L 2022-2023", "0/30 20-2 ? * MON-FRI *", "0 0 3W * ?", "* * ? * 3#2 *"} {
		f.Add(text, int64(1_790_000_000))
	}
	zone, err := zoneOf("America/New_York")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		c, ok := parseCron(text, zone)
		if !ok || seconds < 0 || seconds > 1<<33 {
			return
		}
		at := time.Unix(seconds, 0)
		for range 3 {
			next := c.next(at)
			if next.IsZero() {
				return
			}
			require.True(t, next.After(at))
			local := next.In(zone)
			require.True(t, c.minutes.has(local.Minute()) && c.hours.has(local.Hour()) && c.months.has(int(local.Month())-1) && local.Second() == 0)
			at = next
		}
	})
}

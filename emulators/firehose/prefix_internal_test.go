package firehose

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 7, 4, 12, 8, 56, 0, time.UTC)

// The quotes of https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html
func TestTextInTimestamps(t *testing.T) {
	for pattern, want := range map[string]string{
		"hh 'o''clock' a":        "12 o'clock PM",
		"yyyy.MM.dd 'at' HH''mm": "2026.07.04 at 12'08",
		"yyyy年MM月":               "2026年07月",
		"EEE, MMM d, ''yy":       "Sat, Jul 4, '26",
		"yy''''":                 "26'", // a text that is a quote
		"'''at' HH":              "'at 12",
	} {
		part, err := parseDate(pattern)
		require.NoError(t, err, pattern)
		require.Equal(t, want, part(noon), pattern)
	}
	_, err := parseDate("yyyy 'o''")
	require.ErrorContains(t, err, "a quote that is not closed")
}

// FuzzPrefix wants a prefix refused, or the same text at each instant as long as it has no
// expressions, and never longer than is allowed.
func FuzzPrefix(f *testing.F) {
	for _, text := range []string{"", "a/", "y=!{timestamp:yyyy}/d='!{timestamp:'day'DDD}/", "!{firehose:random-string}/é", "a!{b", "!{timestamp:h 'o''clock' a}", "!{timestamp:''}!{timestamp:年}"} {
		f.Add(text, "failed/!{firehose:error-output-type}/")
	}
	f.Fuzz(func(t *testing.T, given, failed string) {
		p, e, err := parsePrefixes(&given, &failed)
		if err != nil {
			return
		}
		at := p.at(noon)
		if !strings.Contains(given, "!{") && at != given+"2026/07/04/12/" {
			t.Errorf("%q became %q", given, at)
		}
		if utf8.ValidString(given) && !utf8.ValidString(at) {
			t.Errorf("%q became %q, which is not UTF-8", given, at)
		}
		if !strings.Contains(e.at(noon), "processing-failed") {
			t.Errorf("%q has no kind of error", failed)
		}
	})
}

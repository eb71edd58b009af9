package value_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// Values print as the query API answers them.
func TestText(t *testing.T) {
	at := time.Date(2026, 11, 26, 2, 20, 0, 5, time.UTC).UnixNano()
	for want, v := range map[string]value.Value{
		"21.5": value.OfDouble(21.5), "100.0": value.OfDouble(100), "1.0E7": value.OfDouble(1e7), "1.0E-4": value.OfDouble(1e-4), "NaN": value.OfDouble(math.NaN()),
		"-42": value.OfBigint(-42), "true": value.OfBool(true), "2026-11-26 02:20:00.000000005": value.OfTime(at),
		"-1 02:00:00.000000000": value.OfInterval(-int64(26 * time.Hour)), "1-2": {Kind: value.Months, I: 14},
	} {
		require.Equal(t, want, v.Text())
	}
}

// A text goes to a kind and comes back as it was, or has no place in it.
func TestConvert(t *testing.T) {
	for text, kind := range map[string]value.Kind{"21.5": value.Double, "42": value.Bigint, "-7": value.Integer, "false": value.Boolean,
		"2026-11-26": value.Date, "02:20:00.000000000": value.TimeOfDay, "2026-11-26 02:20:00.000000000": value.Timestamp} {
		v, err := value.Convert(value.OfText(text), kind)
		require.NoError(t, err, text)
		require.Equal(t, kind, v.Kind)
		require.Equal(t, text, v.Text())
	}
	for text, kind := range map[string]value.Kind{"x": value.Double, "4.5": value.Bigint, "2147483648": value.Integer, "maybe": value.Boolean,
		"2026-13-01": value.Date, "25:00": value.TimeOfDay, "1600-01-01": value.Timestamp} {
		_, err := value.Convert(value.OfText(text), kind)
		require.Error(t, err, text)
	}
}

func TestNumbersOfAllKindsAreOneKey(t *testing.T) {
	key := func(v value.Value) string { return string(v.AppendKey(nil)) }
	require.Equal(t, key(value.OfBigint(3)), key(value.OfDouble(3)))
	require.NotEqual(t, key(value.OfBigint(3)), key(value.OfDouble(3.5)))
	require.NotEqual(t, key(value.OfText("3")), key(value.OfBigint(3)))
	require.NotEqual(t, key(value.NullOf(value.Bigint)), key(value.OfBigint(0)))
	require.Positive(t, value.Compare(value.OfDouble(math.NaN()), value.OfDouble(math.Inf(1))), "NaN is the largest double")
}

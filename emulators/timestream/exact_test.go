package timestream

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Numbers do not overflow in silence, and are compared as IEEE 754 has it, as in Trino.
// https://trino.io/docs/current/functions/comparison.html
func TestNumbersAreExact(t *testing.T) {
	for sql, want := range map[string]string{
		"nan() = nan()": "false", "nan() <> nan()": "true", "nan() < 1": "false", "nan() >= 1": "false", "nan() IN (nan())": "false", "nan() NOT IN (1e0)": "true",
		"1 BETWEEN 0 AND nan()": "false", "nan() NOT BETWEEN 0 AND 1": "true", "nan() IS DISTINCT FROM nan()": "false", "greatest(1e0, nan())": "NaN",
		"-9223372036854775808": "-9223372036854775808", "-2147483648": "-2147483648", "- -1": "1", "abs(-2147483647)": "2147483647",
		"TIME '23:00:00' + 2h": "01:00:00.000000000", "TIME '01:00:00' - 2h": "23:00:00.000000000", "DATE '2024-01-31' + 1d": "2024-02-01",
		"TIME '23:00:00' - TIME '22:00:00'": "0 01:00:00.000000000", "CAST('2024-01-31 23:00:00' AS TIMESTAMP) + 2h": "2024-02-01 01:00:00.000000000",
		"1 /* a */ + /*/ b */ 1": "2",
	} {
		rows, r := ran(t, "SELECT "+sql, maxBytes, maxWork)
		require.NoError(t, r.err, sql)
		require.Equal(t, want, rows[0][0].Text(), sql)
	}
	for sql, message := range map[string]string{
		"9223372036854775808": "Invalid numeric literal: 9223372036854775808", "1 /* a": "the comment is not closed", "1 /*/": "the comment is not closed",
	} {
		_, err := New(Config{}).statement("SELECT "+sql, 0)
		require.ErrorContains(t, err, message, sql)
	}
	for sql, message := range map[string]string{
		"-CAST('-9223372036854775808' AS BIGINT)": "does not fit its type", "-CAST('-2147483648' AS INTEGER)": "does not fit its type", "abs(CAST('-2147483648' AS INTEGER))": "does not fit its type",
		"DATE '2024-01-31' + 1h": "Cannot add hour, minutes or seconds to a date",
	} {
		_, r := ran(t, "SELECT "+sql, maxBytes, maxWork)
		require.ErrorContains(t, r.err, message, sql)
	}
}

// A constant is evaluated before the query is, and cannot be interrupted.
func TestConstantsAreBounded(t *testing.T) {
	_, err := New(Config{}).statement("SELECT approx_percentile(1, cardinality(sequence(1, 200000)) * 0e0 + 0.5)", 0)
	require.ErrorContains(t, err, "Unexpected parameters")
	_, err = New(Config{}).statement("SELECT approx_percentile(1, cardinality(sequence(1, 5000)) * 0e0 + 0.5)", 0)
	require.NoError(t, err)
}

package attribute

import (
	"bytes"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// AWS.md §5: "DynamoDB: numbers are decimals of 38 digits".
func TestNumbersAreNormalised(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "0e99999": "0", "007": "7", "+7": "7", "1.50": "1.5", ".5": "0.5", "5.": "5", "-0.0120": "-0.012",
		"1e3": "1000", "1E+3": "1000", "12.5e-3": "0.0125", "120e-1": "12", "1e00000002": "100",
		"99999999999999999999999999999999999999":       "99999999999999999999999999999999999999",
		"9.9999999999999999999999999999999999999E+125": "99999999999999999999999999999999999999" + strings.Repeat("0", 88),
		"1E-130":  "0." + strings.Repeat("0", 129) + "1",
		"-1E-130": "-0." + strings.Repeat("0", 129) + "1",
		"100000000000000000000000000000000000000000000": "1" + strings.Repeat("0", 44),
	} {
		n, err := ParseNumber(in)
		require.NoError(t, err, in)
		require.Equal(t, want, n.String(), in)
	}
}

func TestNumbersRefused(t *testing.T) {
	const (
		numeric   = "The parameter cannot be converted to a numeric value"
		digits    = "Attempting to store more than 38 significant digits in a Number"
		overflow  = "Number overflow. Attempting to store a number with magnitude larger than supported range"
		underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
	)
	for in, message := range map[string]string{
		"": numeric, "x": numeric + ": x", ".": numeric + ": .", "-": numeric + ": -", "1e": numeric + ": 1e", "1e+": numeric + ": 1e+", "--1": numeric + ": --1",
		"1.2.3": numeric + ": 1.2.3", "0x10": numeric + ": 0x10", "NaN": numeric + ": NaN", "Infinity": numeric + ": Infinity", " 1": numeric + ":  1", "1_0": numeric + ": 1_0",
		strings.Repeat("1", 39): digits, "1." + strings.Repeat("0", 37) + "1": digits,
		"1e126": overflow, "-1e99999999999": overflow, "9.99999e-131": underflow, "1e-99999999999999999999": underflow,
	} {
		_, err := ParseNumber(in)
		require.EqualError(t, err, "ValidationException: "+message, in)
	}
}

func TestNumbersAddExactly(t *testing.T) {
	for _, tc := range [][3]string{
		{"1", "2", "3"}, {"0.1", "0.2", "0.3"}, {"-5", "5", "0"}, {"999999999999999999", "1", "1000000000000000000"},
		{"99999999999999999999999999999999999998", "1", "99999999999999999999999999999999999999"},
		{"1e125", "-1e125", "0"}, {"1e-130", "1e-130", "2e-130"}, {"123456789012345678.9", "-0.9", "123456789012345678"},
	} {
		a, b, want := parse(t, tc[0]), parse(t, tc[1]), parse(t, tc[2])
		sum, err := a.Add(b)
		require.NoError(t, err)
		require.Equal(t, want, sum, tc)
	}
	for _, tc := range [][2]string{{"9e125", "9e125"}, {"1e38", "0.1"}, {"1e125", "1"}, {"99999999999999999999999999999999999999", "0.1"}} {
		_, err := parse(t, tc[0]).Add(parse(t, tc[1]))
		require.ErrorContains(t, err, "Number overflow", "ScyllaDB's test_number.py, which is run against the service: %v", tc)
	}
}

func parse(t testing.TB, s string) Number {
	n, err := ParseNumber(s)
	require.NoError(t, err)
	return n
}

// AWS.md §5: numbers "sort as numbers".
func TestKeysSortAsValues(t *testing.T) {
	numbers := []string{"-9e125", "-1e20", "-123", "-12.5", "-12", "-2", "-1.1", "-1", "-1e-130", "0", "1e-130", "0.5", "1", "1.1", "2", "10", "12", "12.5", "123", "1e20", "9e125"}
	var keys [][]byte
	for i, s := range numbers {
		keys = append(keys, AppendKey(nil, Num(parse(t, s))))
		for j, other := range numbers {
			require.Equal(t, compare(i, j), parse(t, s).Compare(parse(t, other)), "%s and %s", s, other)
		}
	}
	require.True(t, slices.IsSortedFunc(keys, bytes.Compare))
}

func compare(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// FuzzNumber holds numbers against math/big.
func FuzzNumber(f *testing.F) {
	for _, s := range [][2]string{{"1", "2"}, {"-1.5e3", "0.00001"}, {"1e125", "9e-130"}, {"00.100", "x"}, {"-0", "12345678901234567890123456789012345678"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		n, err := ParseNumber(a)
		if err != nil {
			return
		}
		again, err := ParseNumber(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
		x, _ := new(big.Rat).SetString(n.String())
		m, err := ParseNumber(b)
		if err != nil {
			return
		}
		y, _ := new(big.Rat).SetString(m.String())
		require.Equal(t, x.Cmp(y), n.Compare(m))
		require.Equal(t, x.Cmp(y), bytes.Compare(AppendKey(nil, Num(n)), AppendKey(nil, Num(m))))
		if sum, err := n.Add(m); err == nil {
			z, _ := new(big.Rat).SetString(sum.String())
			require.Zero(t, z.Cmp(x.Add(x, y)))
		}
	})
}

package logs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The examples of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func TestTermsMatchAsInAWSExamples(t *testing.T) {
	requests := []string{
		"[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST", "[ERROR 419] MISSING ARGUMENTS", "[ERROR 420] INVALID ARGUMENTS",
		"[ERROR 500] INTERNAL SERVER ERROR", "[INFO] REQUEST FAILED",
	}
	for pattern, want := range map[string][]int{
		`ERROR`:                     {0, 1, 2, 3, 4},
		`ERROR ARGUMENTS`:           {2, 3},
		`?BAD ?ARGUMENTS`:           {0, 2, 3},
		`?ERROR ?ARGUMENTS REQUEST`: {0, 1, 5},
		`"INTERNAL SERVER ERROR"`:   {4},
		`ERROR -ARGUMENTS`:          {0, 1, 4},
		`ERROR -"BAD REQUEST" -500`: {1, 2, 3},
		`" "`:                       {0, 1, 2, 3, 4, 5},
		``:                          {0, 1, 2, 3, 4, 5},
		`error`:                     nil,
		`"[ERROR 4"`:                {0, 1, 2, 3},
	} {
		matches, err := parsePattern(pattern)
		require.NoError(t, err, pattern)
		var got []int
		for i, r := range requests {
			if matches(r) {
				got = append(got, i)
			}
		}
		require.Equal(t, want, got, pattern)
	}
}

const trail = `{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],
	"objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": null, "cluster.name": "c"}`

const users = `{"user": {"id": 1, "email": "John.Stiles@example.com"},
	"users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
	"actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]]}`

// The examples of the same page, and what follows from its rules.
func TestConditionsMatchAsInAWSExamples(t *testing.T) {
	for _, c := range []struct {
		pattern, message string
		want             bool
	}{
		{`{ $.eventType = "UpdateTrail" }`, trail, true},
		{`{ $.sourceIPAddress != 123.123.* }`, trail, true},
		{`{ $.sourceIPAddress = 111.111.* }`, trail, true},
		{`{ $.arrayKey[0] = "value" }`, trail, true},
		{`{ $.arrayKey[1] = "value" }`, trail, false},
		{`{ $.arrayKey[*] = "another*" }`, trail, true},
		{`{ $.objectList[*].id = 2 }`, trail, true},
		{`{ $.* = "c" }`, trail, true},
		{`{ $.['cluster.name'] = "c" }`, trail, true},
		{`{ $.SomeObject IS NULL }`, trail, true},
		{`{ $.eventType IS NULL }`, trail, false},
		{`{ $.SomeOtherObject NOT EXISTS }`, trail, true},
		{`{ $.SomeObject NOT EXISTS }`, trail, false},
		{`{ $.SomeOtherObject != "x" }`, trail, false},
		{`{ $.arrayKey = "value" }`, trail, false}, // "won't match" an array
		{`{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }`, users, true},
		{`{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }`, users, true},
		{`{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }`, users, false},
		{`{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }`, users, false},
		{`{ $.bandwidth > 75 }`, `{"bandwidth": 76}`, true},
		{`{ $.latency < 50 }`, `{"latency": 50}`, false},
		{`{ $.refreshRate >= 60 }`, `{"refreshRate": 60}`, true},
		{`{ $.responseTime <= 5 }`, `{"responseTime": 5.5}`, false},
		{`{ $.errorCode = 400}`, `{"errorCode": 400}`, true},
		{`{ $.errorCode != 500 }`, `{"errorCode": 400}`, true},
		{`{ $.number[0] = 1e+3 }`, `{"number": [1000]}`, true},
		{`{ $.number[0] != 1e-3 }`, `{"number": [0.001]}`, false},
		{`{ $.on IS TRUE }`, `{"on": true}`, true},
		{`{ $.on IS FALSE }`, `{"on": true}`, false},
		{`{ $.n = 1 }`, `n = 1`, false},
	} {
		matches, err := parsePattern(c.pattern)
		require.NoError(t, err, c.pattern)
		require.Equal(t, c.want, matches(c.message), c.pattern)
	}
}

func TestPatternsThatAreRefused(t *testing.T) {
	for pattern, want := range map[string]string{
		`%AUTHORIZED%`:              "a regular expression",
		`{ $.eventType = %Trail% }`: "a regular expression",
		`[w1=ERROR, w2]`:            "space-delimited",
		`a:b`:                       "invalid character(s) in term 'a:b'",
		`"open`:                     "a quote is not closed",
		`{ $.a = 1`:                 "{ is not closed",
		`{ $.a IS NOT NULL }`:       `unexpected "NOT NULL "`,
		`{ $.a EXISTS }`:            `unexpected "EXISTS "`,
		`{ $.a > "x" }`:             "compares numbers",
		`{ $.a[*].b[*] = 1 }`:       "more than one wildcard",
		`{ $.a[*]=1 || $.b[*]=1 || $.c[*]=1 || $.d[*]=1 }`: "more than 3 wildcard",
		`{ }`:            "ends too early",
		`{ $.a = 1 && }`: "ends too early",
		`{ ` + strings.Repeat("(", 40) + `$.a = 1` + strings.Repeat(")", 40) + ` }`: "parentheses within each other",
		strings.Repeat("x", 1025): "more than 1024 bytes",
	} {
		_, err := parsePattern(pattern)
		require.ErrorContains(t, err, want, pattern)
		require.ErrorContains(t, err, "InvalidParameterException", pattern)
	}
}

func FuzzPattern(f *testing.F) {
	for _, seed := range []string{`ERROR -"a b" ?c`, `{ ($.a.b[0] = "x*" && $.n >= 4e1) || $.['x.y'] IS NULL || $.* NOT EXISTS }`} {
		f.Add(seed, trail)
	}
	f.Fuzz(func(_ *testing.T, pattern, message string) {
		if matches, err := parsePattern(pattern); err == nil {
			matches(message)
		}
	})
}

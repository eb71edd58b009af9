package dynamodb

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRefusals sends requests that production DynamoDB was seen to refuse, as raw
// JSON, and expects the error that it answered. The files of testdata/refusals are
// named for the operation; each has requests (>) with the answer under them. A list (-)
// is of constraints, whose order the service leaves open; … is any text, and
// {{a*3}} is aaa.
//
// AWS.md §5: full expression grammar (Key, Filter, Projection, Update
// SET/REMOVE/ADD/DELETE, Condition).
func TestRefusals(t *testing.T) {
	files, err := filepath.Glob("testdata/refusals/*.txt")
	require.NoError(t, err)
	rows := 0
	for _, file := range files {
		operation := strings.TrimSuffix(filepath.Base(file), ".txt")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		call := refusing(t)
		for r := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
			requests, want := readRefusal(r)
			rows += len(requests)
			for _, request := range requests {
				t.Run(operation+" "+request[:min(len(request), 120)], func(t *testing.T) {
					code, message := call(operation, expand(request))
					want.check(t, code, message)
				})
			}
		}
	}
	require.Greater(t, rows, 400)
}

// refusal is an answer: a message, or the constraints that are broken.
type refusal struct {
	code        string
	message     string
	constraints []string
}

func readRefusal(text string) (requests []string, want refusal) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		} else if request, ok := strings.CutPrefix(line, "> "); ok {
			requests = append(requests, request)
		} else if c, ok := strings.CutPrefix(line, "- "); ok {
			want.constraints = append(want.constraints, c)
		} else {
			want.code, want.message, _ = strings.Cut(line, ":")
			want.message = strings.TrimPrefix(want.message, " ")
		}
	}
	return requests, want
}

func (want refusal) check(t *testing.T, code, message string) {
	require.Equal(t, shapes[want.code], code, message)
	if want.constraints == nil {
		require.Regexp(t, pattern(want.message), message)
		return
	}
	count, rest, _ := strings.Cut(message, " detected: ")
	got := strings.Split(rest, "; ")
	require.Equal(t, strconv.Itoa(len(want.constraints)), strings.Fields(count)[0], message)
	require.Len(t, got, len(want.constraints), message)
	for _, c := range want.constraints {
		one := regexp.MustCompile(pattern(c))
		require.True(t, slices.ContainsFunc(got, one.MatchString), "%s\nis not in\n%s", c, strings.Join(got, "\n"))
	}
}

// pattern is a regular expression for a text with … in it.
func pattern(text string) string {
	parts := strings.Split(expand(text), "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return "^" + strings.Join(parts, "(?s:.*)") + "$"
}

// shapes are the error types on the wire: those of the frame are not the service's.
var shapes = map[string]string{
	"ValidationException":       "com.amazon.coral.validate#ValidationException",
	"SerializationException":    "com.amazon.coral.service#SerializationException",
	"ResourceNotFoundException": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
}

var repeated = regexp.MustCompile(`\{\{(.+?)\*(\d+)\}\}`)

func expand(text string) string {
	return repeated.ReplaceAllStringFunc(text, func(m string) string {
		parts := repeated.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], n)
	})
}

// refusing makes the tables that the requests name; the call answers the type and
// message of an error.
func refusing(t *testing.T) func(operation, body string) (code, message string) {
	h := Handler(New(Config{}))
	call := func(operation, body string) (string, string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		var e struct {
			Type    string `json:"__type"`
			Message string // or message
		}
		require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &e), rec.Body.String())
		return e.Type, e.Message
	}
	const defined = `"ProvisionedThroughput":{"ReadCapacityUnits":10,"WriteCapacityUnits":5},"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}`
	const ranged = `,"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}]`
	index := func(name, hash, sort, more string) string {
		keys := fmt.Sprintf(`{"AttributeName":%q,"KeyType":"HASH"}`, hash)
		if sort != "" {
			keys += fmt.Sprintf(`,{"AttributeName":%q,"KeyType":"RANGE"}`, sort)
		}
		return fmt.Sprintf(`{"IndexName":%q,"KeySchema":[%s],"Projection":{"ProjectionType":"ALL"}%s}`, name, keys, more)
	}
	const capacity = `,"ProvisionedThroughput":{"ReadCapacityUnits":10,"WriteCapacityUnits":5}`
	for _, made := range []struct{ operation, body string }{
		{"CreateTable", `{"TableName":"hash",` + defined + `],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]}`},
		{"CreateTable", `{"TableName":"rangeb",` + defined + `,{"AttributeName":"b","AttributeType":"B"}]` + ranged + `}`},
		{"CreateTable", `{"TableName":"range",` + defined + `,{"AttributeName":"b","AttributeType":"S"},{"AttributeName":"c","AttributeType":"S"},{"AttributeName":"d","AttributeType":"S"}]` + ranged +
			`,"LocalSecondaryIndexes":[` + index("index1", "a", "c", "") + `,` + index("index2", "a", "d", "") + `]` +
			`,"GlobalSecondaryIndexes":[` + index("index3", "c", "", capacity) + `,` + index("index4", "c", "d", capacity) + `]}`},
		{"PutItem", `{"TableName":"hash","Item":{"a":{"S":"typed"},"b":{"M":{"a":{"SS":["1"]}}},"c":{"N":"1"},"d":{"NS":["1"]}}}`},
		{"PutItem", `{"TableName":"hash","Item":{"a":{"S":"nested"},"b":{"S":"a"},"c":{"M":{"1":{"S":"a"}}},"d":{"L":[{"S":"a"},{"S":"b"}]}}}`},
		{"PutItem", `{"TableName":"range","Item":{"a":{"S":"indexed"},"b":{"S":"indexed"},"e":{"N":"1"}}}`},
	} {
		code, message := call(made.operation, made.body)
		require.Empty(t, code, message)
	}
	return call
}

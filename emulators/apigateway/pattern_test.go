package apigateway

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseKeyRefuses(t *testing.T) {
	for _, key := range []string{
		"", "/devices", "GET devices", "FETCH /devices", "GET /a/{b", "GET /a/{b}c", "GET /{a}/{a}", "GET /{a+}/b", "GET /a//b", "get /a", "$other",
	} {
		_, err := parseKey(key)
		require.ErrorContains(t, err, "BadRequestException", key)
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add("GET /devices/{deviceId}", "/devices/1")
	f.Add("ANY /{proxy+}", "/a/b")
	f.Add("$default", "/")
	f.Fuzz(func(t *testing.T, key, path string) {
		p, err := parseKey(key)
		if err != nil {
			return
		}
		require.False(t, p.moreSpecific(p), "an order is not reflexive")
		values, ok := p.match("GET", strings.Split(strings.TrimPrefix(path, "/"), "/"))
		if ok {
			for name, value := range values {
				require.NotEmpty(t, value, name)
			}
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	for _, s := range []string{`{"statusCode":200,"headers":{"a":"b"},"body":"x"}`, `"x"`, `{`, `{"statusCode":"200","isBase64Encoded":true,"body":"%"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if a, err := parseAnswer(payload); err == nil {
			require.True(t, a.status >= 200 && a.status <= 599)
		}
	})
}

package broker

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A signed URL is for its region and for as long as it says.
func TestSignedURLs(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		with map[string]string
		want string // part of the refusal; empty is none
	}{
		"in time":            {map[string]string{"X-Amz-Expires": "3600"}, ""},
		"no end":             {nil, ""},
		"a session token":    {map[string]string{"X-Amz-Security-Token": "any"}, ""},
		"over":               {map[string]string{"X-Amz-Date": "20261127T085959Z", "X-Amz-Expires": "3600"}, "the URL expired at 2026-11-27T09:59:59Z"},
		"too long":           {map[string]string{"X-Amz-Expires": "604801"}, "X-Amz-Expires 604801"},
		"at once":            {map[string]string{"X-Amz-Expires": "0"}, "X-Amz-Expires 0"},
		"expires: no number": {map[string]string{"X-Amz-Expires": "1h"}, "X-Amz-Expires 1h"},
		"date: no time":      {map[string]string{"X-Amz-Date": "2026-11-27"}, "X-Amz-Date 2026-11-27"},
		"another region":     {map[string]string{"X-Amz-Credential": "AKID/20261127/eu-west-1/iotdevicegateway/aws4_request"}, "signed for region eu-west-1"},
	} {
		t.Run(name, func(t *testing.T) {
			query := url.Values{
				"X-Amz-Algorithm": {"AWS4-HMAC-SHA256"}, "X-Amz-Credential": {"AKID/20261127/us-east-1/iotdevicegateway/aws4_request"},
				"X-Amz-Date": {"20261127T095900Z"}, "X-Amz-SignedHeaders": {"host"}, "X-Amz-Signature": {"00"},
			}
			for parameter, value := range test.with {
				query.Set(parameter, value)
			}
			scope, err := signed(httptest.NewRequest(http.MethodGet, "/mqtt?"+query.Encode(), nil), "us-east-1", now)
			if test.want == "" {
				require.NoError(t, err)
				require.Equal(t, "AKID", scope.AccessKey)
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}

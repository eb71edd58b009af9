package destination_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
)

// away is a web that reaches nobody, and says so as net/http does.
type away struct{}

func (away) Do(r *http.Request) (*http.Response, error) {
	return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("connection refused")}
}

// TestQueriesAreSecrets: neither the reason of a status nor what rules are told has the
// query of a URL, to which the token of a confirmation belongs.
func TestQueriesAreSecrets(t *testing.T) {
	const address = "https://example.com/in?key=secret"
	s := destination.New(destination.Config{Web: away{}})
	in := &destination.CreateInput{}
	in.Configuration.HTTP = &destination.HTTPConfiguration{ConfirmationURL: address}
	made, err := s.Create(t.Context(), in)
	require.NoError(t, err)
	got, err := s.Get(t.Context(), &destination.ARNInput{ARN: made.Destination.ARN})
	require.NoError(t, err)
	reason := got.Destination.StatusReason
	require.Contains(t, reason, "connection refused")
	for _, told := range []string{reason, s.Enabled(address).Error(), s.Enabled(address + "2").Error(), destination.CheckURL("ftp://a?secret").Error()} {
		require.NotContains(t, told, "secret")
		require.NotContains(t, told, "onfirmationToken")
	}
}

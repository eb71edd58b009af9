package iotcore

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// brokenSite takes confirmations, whose token it keeps, and fails at everything else.
type brokenSite struct{ tokens }

func (s *brokenSite) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Query().Has("confirmationToken") {
		return s.tokens.Do(r)
	}
	return &http.Response{StatusCode: http.StatusBadRequest, Status: "400 Bad Request", Body: http.NoBody}, nil
}

// TestHTTPActionKeepsItsQuery: it may be a secret. Taps and the error action have the URL
// without it.
func TestHTTPActionKeepsItsQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &brokenSite{}
		f := newFixture(t, Config{Targets: action.Targets{Web: site}})
		defer f.close()
		const url = "http://127.0.0.1/in"
		failures := toKinesis("failures")
		f.createRule("R", rule.Payload{
			SQL: "SELECT * FROM 'a/b'", Actions: []action.Action{{HTTP: &action.HTTP{URL: url + "?key=${secret}", ConfirmationURL: url}}}, ErrorAction: &failures,
		})
		_, err := iot.NewFromConfig(awsConfig(f.core.Control())).ConfirmTopicRuleDestination(t.Context(), &iot.ConfirmTopicRuleDestinationInput{ConfirmationToken: aws.String(site.last)})
		require.NoError(t, err)
		f.httpPublish("a/b", 1, `{"secret":"hush"}`)
		settle()
		failed := f.heard(event.ActionFailed)
		require.Len(t, failed, 1)
		require.Equal(t, url, failed[0].Resource)
		require.NotContains(t, failed[0].Reason, "hush")
		took := f.targets.took()
		require.Len(t, took, 1)
		require.Contains(t, took[0], `"failedResource":"`+url+`"`)
		require.NotContains(t, took[0], "hush")
	})
}

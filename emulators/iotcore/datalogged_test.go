package iotcore

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"
)

// The entries of the data plane's calls, and of a message for a client that is away, have
// the attributes of AWS's examples.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#message-broker-logs
func TestLogEntriesOfCallsAndQueues(t *testing.T) {
	loggedCore(t, types.LogLevelInfo, func(f *fixture, c *iot.Client, s *sink) {
		ctx, data := f.t.Context(), iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		cert := f.thing("a", allowAll)
		away := f.dial("a", cert, persistent)
		away.subscribe(1, "a/b/c")
		away.disconnect()
		settle()
		s.took()
		succeeds(t)(data.Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("a/b/c"), Qos: 1, Retain: true, Payload: []byte("x")}))
		succeeds(t)(data.GetRetainedMessage(ctx, &iotdataplane.GetRetainedMessageInput{Topic: aws.String("a/b/c")}))
		succeeds(t)(data.ListRetainedMessages(ctx, &iotdataplane.ListRetainedMessagesInput{}))
		succeeds(t)(data.DeleteConnection(ctx, &iotdataplane.DeleteConnectionInput{ClientId: aws.String("a"), CleanSession: true}))
		_, err := data.DeleteConnection(ctx, &iotdataplane.DeleteConnectionInput{ClientId: aws.String("a")})
		require.Error(t, err)
		settle()
		var got []map[string]any
		for _, line := range s.took() {
			var e map[string]any
			require.NoError(t, json.Unmarshal([]byte(line[strings.Index(line, "{"):]), &e))
			for _, common := range []string{"timestamp", "traceId", "accountId", "details"} {
				delete(e, common)
			}
			if stored, ok := e["lastModifiedDate"]; ok {
				require.Regexp(t, `^2000-01-01 \d\d:\d\d:\d\d\.\d{3}$`, stored)
				delete(e, "lastModifiedDate")
			}
			got = append(got, e)
		}
		entry := func(eventType string, more map[string]any) map[string]any {
			e := map[string]any{"eventType": eventType, "logLevel": "INFO", "status": "Success", "protocol": "HTTP"}
			for k, v := range more {
				e[k] = v
			}
			return e
		}
		require.ElementsMatch(t, []map[string]any{
			entry("Publish-In", map[string]any{"topicName": "a/b/c", "clientId": "N/A", "retain": "True"}),
			entry("Queued", map[string]any{"topicName": "a/b/c", "clientId": "a", "qos": "1", "protocol": "MQTT"}),
			entry("GetRetainedMessage", map[string]any{"topicName": "a/b/c", "qos": "1"}),
			entry("ListRetainedMessage", nil),
			entry("DeleteConnection", map[string]any{"clientId": "a"}),
			entry("DeleteConnection", map[string]any{"clientId": "a", "logLevel": "ERROR", "status": "Failure"}),
		}, got)
	})
}

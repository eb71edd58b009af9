package pipeline_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/pipeline"
)

// TestALateRecordLeavesTheVerdict: a record that the stream gives out late, or
// again, after the detector has found the device silent, stores its reading and
// when the device was heard; online is the device only by a sign of life since.
func TestALateRecordLeavesTheVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := emulators.New(emulators.Config{})
		require.NoError(t, err)
		config := pipeline.Config{Silence: 10 * time.Minute}.WithDefaults()
		cfg := cloud.AWSConfig()
		handlers := pipeline.Functions(cloud.AWSConfigAs, config)
		for name, handler := range handlers {
			cloud.Lambda.Bind(name, handler)
		}
		_, err = pipeline.Deploy(t.Context(), cfg, config)
		require.NoError(t, err)
		start := time.Now()
		record := func(after time.Duration) {
			t.Helper()
			at := start.Add(after).UnixMilli()
			payload := base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf(`{"deviceId":"s1","timestamp":%d,"data":{"temperature":20}}`, at)))
			envelope := fmt.Sprintf(`{"payload":%q,"thing":"s1","topic":"devices/s1/telemetry","received":%d}`, payload, at)
			event, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventID": "shard:1", "kinesis": map[string]any{
				"sequenceNumber": "1", "partitionKey": "s1", "data": base64.StdEncoding.EncodeToString([]byte(envelope))}}}})
			require.NoError(t, err)
			answer, err := handlers[pipeline.StreamProcessor].Invoke(t.Context(), event)
			require.NoError(t, err)
			require.NotContains(t, string(answer), "itemIdentifier")
		}
		is := func(status string, lastSeen time.Duration) {
			t.Helper()
			out, err := dynamodb.NewFromConfig(cfg).GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(config.Table), Key: map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: "DEVICE#s1"}, "SK": &types.AttributeValueMemberS{Value: "STATE"}}})
			require.NoError(t, err)
			require.Equal(t, &types.AttributeValueMemberS{Value: status}, out.Item["status"])
			require.Equal(t, &types.AttributeValueMemberS{Value: "STATUS#" + status}, out.Item["GSI1PK"])
			seen := &types.AttributeValueMemberS{Value: start.Add(lastSeen).UTC().Format("2006-01-02T15:04:05.000Z")}
			require.Equal(t, seen, out.Item["lastSeen"])
			require.Equal(t, seen, out.Item["GSI1SK"])
		}
		record(0)
		is("online", 0)
		time.Sleep(12 * time.Minute)
		_, err = handlers[pipeline.OfflineSweep].Invoke(t.Context(), []byte("{}"))
		require.NoError(t, err)
		is("offline", 0)
		record(0) // again
		is("offline", 0)
		record(time.Minute) // late
		is("offline", time.Minute)
		record(3 * time.Minute) // late, and heard within the ten minutes that the verdict is about
		is("online", 3*time.Minute)
	})
}

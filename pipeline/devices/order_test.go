package devices_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

func shuffle(events []devices.PresenceEvent, seed uint64) []devices.PresenceEvent {
	list := slices.Clone(events)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// verdict is under which status the index has the device.
func verdict(t *testing.T, cfg aws.Config) string {
	t.Helper()
	found := ""
	for _, status := range []string{devices.Online, devices.Offline} {
		out, err := dynamodb.NewFromConfig(cfg).Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String(table), IndexName: aws.String(devices.StatusIndex), KeyConditionExpression: aws.String("GSI1PK = :status"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":status": &types.AttributeValueMemberS{Value: "STATUS#" + status}},
		})
		require.NoError(t, err)
		if len(out.Items) > 0 {
			require.Empty(t, found)
			require.Equal(t, &types.AttributeValueMemberS{Value: status}, out.Items[0]["status"])
			found = status
		}
	}
	return found
}

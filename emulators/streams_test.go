package emulators

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// A stream of another account or region is not the one of its name here.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
func TestAMappingDoesNotReadAStreamOfAnotherAccount(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cloud.AWSConfig(), nil)
	_, err = kinesissdk.NewFromConfig(cloud.AWSConfig()).CreateStream(t.Context(), &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	for arn, want := range map[string]string{
		"arn:aws:kinesis:us-east-1:123456789012:stream/s": "Stream not found: arn:aws:kinesis:us-east-1:123456789012:stream/s",
		"arn:aws:kinesis:eu-west-1:000000000000:stream/s": "those of this account and region begin with arn:aws:kinesis:us-east-1:000000000000:stream/",
		"arn:aws:kinesis:us-east-1:000000000000:stream/s": "",
	} {
		_, err := lambdasdk.NewFromConfig(cloud.AWSConfig()).CreateEventSourceMapping(t.Context(), &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: &arn, StartingPosition: lambdatypes.EventSourcePositionLatest})
		if want == "" {
			require.NoError(t, err)
			continue
		}
		requireCode(t, err, "InvalidParameterValueException")
		require.ErrorContains(t, err, want)
	}
}

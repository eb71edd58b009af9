package sqs_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// Who sets MaxResults gets a token for more, nobody else does, and a token that was not
// given out is refused.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
func TestPagesOfQueues(t *testing.T) {
	c := start(t)
	for i := range 1002 {
		create(t, c, fmt.Sprintf("q%04d", i), nil)
	}
	all, err := c.ListQueues(t.Context(), &sdk.ListQueuesInput{})
	require.NoError(t, err)
	require.Len(t, all.QueueUrls, 1000)
	require.Nil(t, all.NextToken, "MaxResults is not set")

	first, err := c.ListQueues(t.Context(), &sdk.ListQueuesInput{MaxResults: aws.Int32(1000)})
	require.NoError(t, err)
	require.NotNil(t, first.NextToken)
	rest, err := c.ListQueues(t.Context(), &sdk.ListQueuesInput{MaxResults: aws.Int32(1000), NextToken: first.NextToken})
	require.NoError(t, err)
	require.Len(t, rest.QueueUrls, 2)
	require.Contains(t, rest.QueueUrls[0], "/q1000")
	require.Nil(t, rest.NextToken)

	for _, token := range []string{"junk", all.QueueUrls[3], base64.StdEncoding.EncodeToString([]byte("zzz"))} {
		_, err = c.ListQueues(t.Context(), &sdk.ListQueuesInput{NextToken: &token, MaxResults: aws.Int32(9)})
		require.ErrorContains(t, err, "NextToken is invalid", token)
		_, err = c.ListDeadLetterSourceQueues(t.Context(), &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: &all.QueueUrls[0], NextToken: &token})
		require.ErrorContains(t, err, "NextToken is invalid", token)
	}
}

// A queue is of its account, and its name is the whole of it.
func TestNamesOfQueues(t *testing.T) {
	c := start(t)
	create(t, c, "q", nil)
	for url, known := range map[string]bool{
		"http://127.0.0.1:4566/000000000000/q": true, "https://sqs.us-east-1.amazonaws.com/000000000000/q/": true, "http://localhost:4566/queue/q": true, "q": true,
		"http://127.0.0.1:4566/111122223333/q": false, "http://127.0.0.1:4566/000000000000/": false, "": false, "/": false,
	} {
		_, err := c.PurgeQueue(t.Context(), &sdk.PurgeQueueInput{QueueUrl: &url})
		if known {
			require.NotContains(t, fmt.Sprint(err), "NonExistentQueue", url)
		} else {
			require.ErrorContains(t, err, "NonExistentQueue", url)
		}
	}
	_, err := c.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: aws.String("other/q")})
	require.ErrorContains(t, err, "NonExistentQueue")
}

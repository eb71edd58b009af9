package lambda

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func TestSplitOfABatch(t *testing.T) {
	b := &queueBatch{messages: []queueMessage{{id: "a"}, {id: "b"}, {id: "c"}}}
	for answer, want := range map[string][2]string{
		``:                         {"abc", ""},
		`null`:                     {"abc", ""},
		`{"batchItemFailures":[]}`: {"abc", ""},
		`{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}`:  {"b", "ac"},
		`{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}`:  {"ac", "b"},
		`{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"no"}]}`: {"", "abc"},
		`{"batchItemFailures":[{"itemIdentifier":""}]}`:                          {"", "abc"},
		`{"batchItemFailures":[{"item":"b"}]}`:                                   {"", "abc"},
		`[`:                                                                      {"", "abc"},
	} {
		done, failed := b.split([]byte(answer))
		ids := func(messages []queueMessage) (text string) {
			for _, m := range messages {
				text += m.id
			}
			return text
		}
		require.Equal(t, want, [2]string{ids(done), ids(failed)}, "%s", answer)
	}
}

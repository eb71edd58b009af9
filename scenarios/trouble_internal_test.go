package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The service's own error stands at the end of what the SDK says: a finding keeps
// both ends. What was tried again for the same reason is one finding.
func TestTroublesSayTheirCause(t *testing.T) {
	var list trouble
	cause := "update device a: operation error DynamoDB: UpdateItem, exceeded maximum number of attempts, 3, " +
		strings.Repeat("https response error StatusCode: 400, RequestID: f437be27-8985-4e56-ad87-5190ab5c465, ", 5) + "ThrottlingException: Rate exceeded"
	list.add("function f: failed", cause)
	list.add("function f: failed", "another")
	list.add("function f: retried", cause)
	list.add("function f: bisected", "another")
	list.add("function g: failed", cause)
	list.add("certificates", "none")
	lines := list.lines()
	require.Len(t, lines, 4)
	require.Equal(t, "certificates, once, first: none", lines[0])
	require.Equal(t, "function f: bisected, once, first: another", lines[1])
	require.True(t, strings.HasPrefix(lines[2], "function f: failed, twice; retried, once, first: update device a: operation error"), lines[2])
	require.True(t, strings.HasSuffix(lines[2], "ThrottlingException: Rate exceeded"), lines[2])
	require.Less(t, len(lines[2]), 600)
	require.Regexp(t, ` … (RequestID:|https|response|error|StatusCode:|400,|f437be27\S+) `, lines[2], "from a word's beginning")
	plain := "operation error DynamoDB: UpdateItem, exceeded maximum number of attempts, 3, https response error StatusCode: 400, RequestID: " +
		"ded6856b-257a-470e-8ee8-804854e54338, ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table " +
		"was exceeded. Consider increasing your provisioning level with the UpdateTable API."
	require.Equal(t, plain, bothEnds(plain), "the most usual one is whole")
	require.True(t, strings.HasPrefix(lines[3], "function g: failed, once"), lines[3])
}

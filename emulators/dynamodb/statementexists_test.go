package dynamodb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.exists.html
func TestExistsChecksWithinATransaction(t *testing.T) {
	c := music(t)
	transact := func(statements ...string) error {
		in := &dynamodb.ExecuteTransactionInput{}
		for _, s := range statements {
			in.TransactStatements = append(in.TransactStatements, types.ParameterizedStatement{Statement: aws.String(s), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
		}
		_, err := c.ExecuteTransaction(t.Context(), in)
		return err
	}
	const update = `UPDATE "numbered" SET title = 'eins' WHERE p = 'a' AND n = 1`
	for statement, reason := range map[string]string{
		`EXISTS(SELECT * FROM "numbered" WHERE p = 'b' AND n = 1 AND title = 'another')`: "ConditionalCheckFailed",
		`EXISTS(SELECT * FROM "numbered" WHERE p = 'none' AND n = 1)`:                    "ConditionalCheckFailed",
	} {
		var cancelled *types.TransactionCanceledException
		require.ErrorAs(t, transact(update, statement), &cancelled, statement)
		require.Equal(t, reason, *cancelled.CancellationReasons[1].Code)
	}
	got, err := execute(c, `SELECT title FROM "numbered" WHERE p = 'a' AND n = 1`)
	require.NoError(t, err)
	require.Equal(t, []string{"title=one"}, got)

	require.NoError(t, transact(update, `EXISTS(SELECT * FROM "numbered" WHERE p = 'b' AND n = 1 AND title = 'other')`))
	require.NoError(t, transact(`EXISTS(SELECT * FROM "numbered" WHERE p = 'b' AND n = 1)`), "as the guide's example has it")
	got, err = execute(c, `SELECT title FROM "numbered" WHERE p = 'a' AND n = 1`)
	require.NoError(t, err)
	require.Equal(t, []string{"title=eins"}, got)

	require.ErrorContains(t, transact(`EXISTS(SELECT * FROM "numbered" WHERE p = 'b')`), "mandatory equality on all key attributes")
	require.ErrorContains(t, transact(`EXISTS(SELECT * FROM "numbered" WHERE p = 'b' AND n = 1)`, `SELECT * FROM "numbered" WHERE p = 'b' AND n = 1`), "all reads or all writes")
	const alone = `EXISTS(SELECT * FROM "numbered" WHERE p = 'b' AND n = 1)`
	_, err = execute(c, alone)
	require.ErrorContains(t, err, "EXISTS is only supported in ExecuteTransaction")
	batch, err := c.BatchExecuteStatement(t.Context(), &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{{Statement: aws.String(alone)}}})
	require.NoError(t, err)
	require.Equal(t, types.BatchStatementErrorCodeEnumValidationError, batch.Responses[0].Error.Code)
}

package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// execute does a statement and answers its items, printed.
func execute(c *dynamodb.Client, statement string, parameters ...types.AttributeValue) ([]string, error) {
	out, err := c.ExecuteStatement(context.Background(), &dynamodb.ExecuteStatementInput{Statement: &statement, Parameters: parameters})
	if err != nil {
		return nil, err
	}
	found := []string{}
	for _, it := range out.Items {
		names := []string{}
		for name, v := range it {
			switch v := v.(type) {
			case *types.AttributeValueMemberS:
				names = append(names, name+"="+v.Value)
			case *types.AttributeValueMemberN:
				names = append(names, name+"="+v.Value)
			default:
				names = append(names, fmt.Sprintf("%s=%v", name, v))
			}
		}
		slices.Sort(names)
		found = append(found, strings.Join(names, " "))
	}
	return found, nil
}

// music makes a table with some songs, by statements.
func music(t testing.TB) *dynamodb.Client {
	c := numbered(t, "N")
	for _, s := range []string{
		`INSERT INTO "numbered" VALUE {'p': 'a', 'n': 1, 'title': 'one'}`, `INSERT INTO "numbered" VALUE {'p': 'a', 'n': 2, 'title': 'two'}`,
		`INSERT INTO "numbered" VALUE {'p': 'a', 'n': 10, 'title': 'ten'}`, `INSERT INTO "numbered" VALUE {'p': 'b', 'n': 1, 'title': 'other'}`,
	} {
		_, err := execute(c, s)
		require.NoError(t, err)
	}
	return c
}

func TestSelect(t *testing.T) {
	c := music(t)
	for statement, want := range map[string][]string{
		`SELECT title FROM "numbered" WHERE p = 'a'`:                                          {"title=one", "title=two", "title=ten"},
		`SELECT title FROM numbered WHERE 'a' = p AND n > 1 ORDER BY n DESC`:                  {"title=ten", "title=two"},
		`SELECT * FROM "numbered" WHERE p = 'a' AND n = 2`:                                    {"n=2 p=a title=two"},
		`SELECT n FROM "numbered" WHERE p = 'a' AND (n = 1 OR n = 10)`:                        {"n=1", "n=10"},
		`SELECT n FROM "numbered" WHERE p = 'a' AND n BETWEEN 2 AND 9`:                        {"n=2"},
		`SELECT n FROM "numbered" WHERE p = 'a' AND begins_with(title, 't')`:                  {"n=2", "n=10"},
		`SELECT n FROM "numbered" WHERE p = 'a' AND NOT title IN ['one', 'ten']`:              {"n=2"},
		`SELECT title FROM "numbered" WHERE title = 'other' OR title IS MISSING`:              {"title=other"},
		`SELECT title FROM "numbered" WHERE p = 'none'`:                                       {},
		`SELECT title FROM "numbered" WHERE p = 'a' AND size(title) = 3 AND n > 1 AND n < 10`: {"title=two"},
	} {
		found, err := execute(c, statement)
		require.NoError(t, err, statement)
		require.Equal(t, want, found, statement)
	}
	found, err := execute(c, `SELECT title FROM "numbered" WHERE p = ? AND n = ?`, text("b"), number("1"))
	require.NoError(t, err)
	require.Equal(t, []string{"title=other"}, found)
	_, err = execute(c, `SELECT * FROM "numbered" ORDER BY n`)
	require.ErrorContains(t, err, "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.")
	_, err = execute(c, `SELECT * FROM "none"`)
	refused(t, err, "ResourceNotFoundException", "Requested resource not found")
	_, err = execute(c, `SELECT * FROM "numbered"."none"`)
	require.ErrorContains(t, err, "The table does not have the specified index: none")
}

// "A projection list of one or more attribute names or document paths", of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
func TestSelectTakesPaths(t *testing.T) {
	c := music(t)
	_, err := execute(c, `INSERT INTO "numbered" VALUE {'p': 'd', 'n': 1, 'm': {'deep': 'x', 'l': ['y', {'z': 'Z'}]}}`)
	require.NoError(t, err)
	for columns, want := range map[string]string{"m.deep": "deep=x", "m.l[1].z, n": "n=1 z=Z", "m.gone, m.deep, p": "deep=x p=d", "m.gone": ""} {
		found, err := execute(c, `SELECT `+columns+` FROM "numbered" WHERE p = 'd'`)
		require.NoError(t, err, columns)
		require.Equal(t, []string{want}, found, columns)
	}
	statement := aws.String(`SELECT m.deep FROM "numbered" WHERE p = 'd' AND n = 1`)
	batch, err := c.BatchExecuteStatement(t.Context(), &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{{Statement: statement}}})
	require.NoError(t, err)
	require.Equal(t, item{"deep": text("x")}, batch.Responses[0].Item)
	all, err := c.ExecuteTransaction(t.Context(), &dynamodb.ExecuteTransactionInput{TransactStatements: []types.ParameterizedStatement{{Statement: statement}}})
	require.NoError(t, err)
	require.Equal(t, item{"deep": text("x")}, all.Responses[0].Item)
}

// The two of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
// that name several partitions, in the order of their keys, page by page.
func TestSelectOrdersPartitions(t *testing.T) {
	c := music(t)
	read := func(statement string, limit *int32) (found []string, pages int) {
		in := &dynamodb.ExecuteStatementInput{Statement: &statement, Limit: limit, ReturnConsumedCapacity: "TOTAL"}
		for {
			out, err := c.ExecuteStatement(t.Context(), in)
			require.NoError(t, err, statement)
			for _, it := range out.Items {
				found = append(found, it["title"].(*types.AttributeValueMemberS).Value)
			}
			pages++
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return found, pages
			}
		}
	}
	for statement, want := range map[string][]string{
		`SELECT title FROM "numbered" WHERE p IN ['b', 'none', 'a', 'b'] ORDER BY p`:            {"one", "two", "ten", "other"},
		`SELECT title FROM "numbered" WHERE p IN ['a', 'b'] ORDER BY p DESC`:                    {"other", "ten", "two", "one"},
		`SELECT title FROM "numbered" WHERE (p = 'b' OR p = 'a') AND n >= 2 ORDER BY p, n DESC`: {"ten", "two"},
	} {
		found, pages := read(statement, nil)
		require.Equal(t, want, found, statement)
		require.Equal(t, 1, pages)
		for limit := range int32(4) {
			found, _ = read(statement, aws.Int32(limit+1))
			require.Equal(t, want, found, "%s by %d", statement, limit+1)
		}
	}
	in := &dynamodb.ExecuteStatementInput{Statement: aws.String(`SELECT title FROM "numbered" WHERE p IN ['a', 'b'] ORDER BY p`), ReturnConsumedCapacity: "TOTAL"}
	out, err := c.ExecuteStatement(t.Context(), in)
	require.NoError(t, err)
	require.EqualValues(t, 1, *out.ConsumedCapacity.CapacityUnits, "of two queries")
}

func TestSelectPages(t *testing.T) {
	c := music(t)
	in := &dynamodb.ExecuteStatementInput{Statement: aws.String(`SELECT * FROM "numbered"`), Limit: aws.Int32(3), ReturnConsumedCapacity: "TOTAL"}
	first, err := c.ExecuteStatement(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, first.Items, 3)
	require.NotEmpty(t, first.LastEvaluatedKey)
	require.EqualValues(t, 0.5, *first.ConsumedCapacity.CapacityUnits)
	in.NextToken = first.NextToken
	second, err := c.ExecuteStatement(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, second.Items, 1)
	require.Nil(t, second.NextToken)
	in.Statement = aws.String(`SELECT n FROM "numbered"`)
	_, err = c.ExecuteStatement(t.Context(), in)
	refused(t, err, "ValidationException", "NextToken does not match request")
}

func TestStatementsThatWrite(t *testing.T) {
	c := music(t)
	_, err := execute(c, `INSERT INTO "numbered" VALUE {'p': 'a', 'n': 1}`)
	refused(t, err, "DuplicateItemException", "Duplicate primary key exists in table")
	found, err := execute(c, `UPDATE "numbered" SET plays = 1, title = 'uno' REMOVE none WHERE p = 'a' AND n = 1 RETURNING MODIFIED NEW *`)
	require.NoError(t, err)
	require.Equal(t, []string{"plays=1 title=uno"}, found)
	found, err = execute(c, `UPDATE "numbered" SET plays = plays + ? SET tags = set_add(tags, <<'x'>>) WHERE p = 'a' AND n = 1 AND title = 'uno' RETURNING ALL OLD *`, number("4"))
	require.NoError(t, err)
	require.Equal(t, []string{"n=1 p=a plays=1 title=uno"}, found)
	found, err = execute(c, `SELECT plays FROM "numbered" WHERE p = 'a' AND n = 1`)
	require.NoError(t, err)
	require.Equal(t, []string{"plays=5"}, found)

	_, err = execute(c, `UPDATE "numbered" SET x = 1 WHERE p = 'a' AND n = 99`)
	refused(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	_, err = execute(c, `UPDATE "numbered" SET x = 1 WHERE p = 'a'`)
	refused(t, err, "ValidationException", "Where clause does not contain a mandatory equality on all key attributes")
	found, err = execute(c, `DELETE FROM "numbered" WHERE p = 'a' AND n = 99 AND title = 'x' RETURNING ALL OLD *`)
	require.NoError(t, err, "an item that is not there is no failure")
	require.Empty(t, found)
	_, err = execute(c, `DELETE FROM "numbered" WHERE p = 'a' AND n = 2 AND title = 'x'`)
	refused(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	found, err = execute(c, `DELETE FROM "numbered" WHERE p = 'a' AND n = 2 AND title = 'two' RETURNING ALL OLD *`)
	require.NoError(t, err)
	require.Equal(t, []string{"n=2 p=a title=two"}, found)
}

func TestBatchOfStatements(t *testing.T) {
	c := music(t)
	batch := func(statements ...string) (*dynamodb.BatchExecuteStatementOutput, error) {
		in := &dynamodb.BatchExecuteStatementInput{ReturnConsumedCapacity: "TOTAL"}
		for _, s := range statements {
			in.Statements = append(in.Statements, types.BatchStatementRequest{Statement: &s})
		}
		return c.BatchExecuteStatement(t.Context(), in)
	}
	out, err := batch(`SELECT title FROM "numbered" WHERE p = 'a' AND n = 1`, `SELECT * FROM "numbered" WHERE p = 'a'`, `SELECT title FROM "numbered" WHERE p = 'a' AND n = 98`)
	require.NoError(t, err)
	require.Equal(t, item{"title": text("one")}, out.Responses[0].Item)
	require.Equal(t, types.BatchStatementErrorCodeEnumValidationError, out.Responses[1].Error.Code)
	require.Empty(t, out.Responses[2].Item)
	require.Len(t, out.ConsumedCapacity, 2)
	out, err = batch(`INSERT INTO "numbered" VALUE {'p': 'a', 'n': 1}`, `INSERT INTO "numbered" VALUE {'p': 'c', 'n': 1}`)
	require.NoError(t, err)
	require.Equal(t, types.BatchStatementErrorCodeEnumDuplicateItem, out.Responses[0].Error.Code)
	require.Nil(t, out.Responses[1].Error)
	_, err = batch(`SELECT * FROM "numbered"`, `DELETE FROM "numbered" WHERE p = 'a' AND n = 1`)
	refused(t, err, "ValidationException", "Statements must be all reads or all writes")
}

func TestTransactionOfStatements(t *testing.T) {
	c := music(t)
	transact := func(statements ...string) (*dynamodb.ExecuteTransactionOutput, error) {
		in := &dynamodb.ExecuteTransactionInput{}
		for _, s := range statements {
			in.TransactStatements = append(in.TransactStatements, types.ParameterizedStatement{Statement: &s})
		}
		return c.ExecuteTransaction(t.Context(), in)
	}
	_, err := transact(`DELETE FROM "numbered" WHERE p = 'a' AND n = 2`, `INSERT INTO "numbered" VALUE {'p': 'a', 'n': 1}`)
	refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [None, DuplicateItem]")
	_, err = transact(`DELETE FROM "numbered" WHERE p = 'a' AND n = 2`, `UPDATE "numbered" SET title = 'uno' WHERE p = 'a' AND n = 1 AND title = 'one'`)
	require.NoError(t, err)
	out, err := transact(`SELECT title FROM "numbered" WHERE p = 'a' AND n = 1`, `SELECT * FROM "numbered" WHERE p = 'a' AND n = 2`)
	require.NoError(t, err)
	require.Equal(t, []types.ItemResponse{{Item: item{"title": text("uno")}}, {}}, out.Responses)
	_, err = transact(`SELECT * FROM "numbered" WHERE p = 'a'`)
	require.ErrorContains(t, err, "must specify the primary key")
	_, err = transact(`SELECT * FROM "numbered"."by-n" WHERE p = 'a' AND n = 2`)
	refused(t, err, "ValidationException", "Reads on indices are not supported within transactions") // these two were seen of the service
	_, err = transact(`DELETE FROM "numbered" WHERE p = 'a' AND n = 2 RETURNING ALL OLD *`)
	refused(t, err, "ValidationException", "RETURNING clause is not supported in ExecuteTransaction")
}

// FuzzExecuteStatement looks for statements that are more than refused.
func FuzzExecuteStatement(f *testing.F) {
	for _, s := range []string{
		`SELECT title FROM numbered WHERE 'a' = p AND n > 1 ORDER BY n DESC`, `UPDATE numbered SET a.b[1] = a - 1, t = set_delete(t, <<1>>) REMOVE c WHERE p = 'a' AND n = 1`,
		`INSERT INTO numbered VALUE {'p': 'a', 'n': 1, 'x': [1, {'y': null}]}`, `DELETE FROM numbered WHERE p = 'a' AND n = 1 AND (x IS MISSING OR y <> 1)`,
		`SELECT * FROM numbered WHERE NOT (a IN [1, 2] AND contains(b, 'c')) AND size(d) BETWEEN 1 AND 2`,
	} {
		f.Add(s)
	}
	s := New(Config{})
	_, err := s.CreateTable(f.Context(), &CreateTableInput{
		TableName: "numbered", BillingMode: onDemand, AttributeDefinitions: []AttributeDefinition{{"p", "S"}, {"n", "N"}}, KeySchema: []KeySchemaElement{{"p", "HASH"}, {"n", "RANGE"}},
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, statement string) {
		out, err := s.ExecuteStatement(t.Context(), &ExecuteStatementInput{Statement: statement})
		if err == nil {
			require.NotNil(t, out.Items)
			return
		}
		_, typed := errors.AsType[*wire.Error](err)
		require.True(t, typed, "%v", err)
	})
}

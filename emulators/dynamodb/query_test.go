package dynamodb

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// sorted are numbers in order, among them those that sort wrongly as text.
var sorted = []string{"-1000", "-10", "-9.5", "-9", "-0.1", "-0.01", "0", "0.01", "0.1", "2", "9", "10", "99.9", "100", "100000000000000000000000000000000000000"}

func putNumbers(t *testing.T, c *dynamodb.Client) {
	for i := range sorted {
		n := sorted[(i*7)%len(sorted)] // in another order
		for _, p := range []string{"a", "b", "ab"} {
			_, err := c.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: aws.String("numbered"),
				Item: item{"p": text(p), "n": number(n), "even": &types.AttributeValueMemberBOOL{Value: slices.Index(sorted, n)%2 == 0}}})
			require.NoError(t, err)
		}
	}
}

// AWS.md §5: "numbers are decimals of 38 digits and sort as numbers".
// AWS.md §5: DynamoDB: numbers are decimals of 38 digits.
func TestQueryNumbersInOrder(t *testing.T) {
	c := numbered(t, "N")
	putNumbers(t, c)
	cases := []struct {
		condition string
		values    item
		want      []string
	}{
		{"p = :p", item{}, sorted},
		{"p = :p AND n = :a", item{":a": number("1e1")}, []string{"10"}},
		{"n < :a AND p = :p", item{":a": number("-9")}, sorted[:3]},
		{"p = :p AND n <= :a", item{":a": number("-9")}, sorted[:4]},
		{"(p = :p) AND (n > :a)", item{":a": number("10")}, sorted[12:]},
		{"(p = :p AND n >= :a)", item{":a": number("10")}, sorted[11:]},
		{"p = :p AND n BETWEEN :a AND :b", item{":a": number("-0.05"), ":b": number("9")}, sorted[5:11]},
		{"p = :p AND n > :a", item{":a": number("1e38")}, nil},
	}
	for _, tc := range cases {
		t.Run(tc.condition, func(t *testing.T) {
			tc.values[":p"] = text("a")
			for _, forward := range []bool{true, false} {
				var got []string
				pages := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{TableName: aws.String("numbered"), Limit: aws.Int32(4),
					KeyConditionExpression: &tc.condition, ExpressionAttributeValues: tc.values, ScanIndexForward: &forward})
				for pages.HasMorePages() {
					page, err := pages.NextPage(context.Background())
					require.NoError(t, err)
					for _, i := range page.Items {
						require.Equal(t, text("a"), i["p"])
						got = append(got, i["n"].(*types.AttributeValueMemberN).Value)
					}
				}
				if !forward {
					slices.Reverse(got)
				}
				require.Equal(t, tc.want, got)
			}
		})
	}
}

func TestQueryTextAndBytesInOrder(t *testing.T) {
	for _, kind := range []types.ScalarAttributeType{"S", "B"} {
		c := numbered(t, kind)
		value := func(s string) types.AttributeValue {
			if kind == "S" {
				return text(s)
			}
			return &types.AttributeValueMemberB{Value: []byte(s)}
		}
		order := []string{"a", "a\x00", "a\x00\x00", "a\x00b", "a\x01", "aa", "ab", "abc", "b", "b\x7f", "bé", "ü"}
		for i := range order {
			_, err := c.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: aws.String("numbered"),
				Item: item{"p": text("x"), "n": value(order[(i*5)%len(order)])}})
			require.NoError(t, err)
		}
		query := func(condition string, a, b string) (got []string) {
			values := item{":p": text("x"), ":a": value(a)}
			if b != "" {
				values[":b"] = value(b)
			}
			out, err := c.Query(context.Background(), &dynamodb.QueryInput{TableName: aws.String("numbered"), KeyConditionExpression: &condition, ExpressionAttributeValues: values})
			require.NoError(t, err)
			for _, i := range out.Items {
				switch v := i["n"].(type) {
				case *types.AttributeValueMemberS:
					got = append(got, v.Value)
				case *types.AttributeValueMemberB:
					got = append(got, string(v.Value))
				}
			}
			return got
		}
		require.Equal(t, order, query("p = :p AND n >= :a", "a", ""))
		require.Equal(t, order[1:], query("p = :p AND n > :a", "a", ""))
		require.Equal(t, order[:3], query("p = :p AND n < :a", "a\x00b", ""))
		require.Equal(t, order[:8], query("p = :p AND begins_with(n, :a)", "a", ""))
		require.Equal(t, order[1:4], query("p = :p AND begins_with(n, :a)", "a\x00", ""))
		require.Equal(t, order[6:9], query("p = :p AND n BETWEEN :a AND :b", "ab", "b"))
	}
}

func TestQueryFilterCountsWhatItRead(t *testing.T) {
	c := numbered(t, "N")
	putNumbers(t, c)
	in := &dynamodb.QueryInput{TableName: aws.String("numbered"), Limit: aws.Int32(15), KeyConditionExpression: aws.String("p = :p"),
		FilterExpression: aws.String("even = :t"), ExpressionAttributeValues: item{":p": text("ab"), ":t": &types.AttributeValueMemberBOOL{Value: true}}}
	out, err := c.Query(context.Background(), in)
	require.NoError(t, err)
	require.EqualValues(t, 8, out.Count)
	require.EqualValues(t, 15, out.ScannedCount)
	require.Equal(t, item{"p": text("ab"), "n": number(sorted[14])}, out.LastEvaluatedKey, "a full page has a key, though nothing follows")
	in.Select = types.SelectCount
	out, err = c.Query(context.Background(), in)
	require.NoError(t, err)
	require.EqualValues(t, 8, out.Count)
	require.Nil(t, out.Items)
}

// AWS.md §5: "Query/Scan paging by 1 MB and LastEvaluatedKey".
func TestPagesOfOneMegabyte(t *testing.T) {
	c := devices(t)
	for i := range 30 {
		put(t, c, map[string]any{"PK": "a", "SK": fmt.Sprintf("%03d", i), "x": strings.Repeat("x", 100_000)})
	}
	var counts []int32
	pages := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{TableName: deviceTable, KeyConditionExpression: aws.String("PK = :p"), ExpressionAttributeValues: item{":p": text("a")}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		require.NoError(t, err)
		counts = append(counts, page.Count)
	}
	require.Equal(t, []int32{10, 10, 10}, counts)
}

func TestScanReadsEverythingOnce(t *testing.T) {
	c := devices(t)
	for i := range 50 {
		put(t, c, map[string]any{"PK": strconv.Itoa(i % 17), "SK": strconv.Itoa(i), "n": i})
	}
	scan := func() (seen []string) {
		pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: deviceTable, Limit: aws.Int32(7),
			FilterExpression: aws.String("n >= :n"), ExpressionAttributeValues: item{":n": number("10")}, ProjectionExpression: aws.String("SK")})
		for pages.HasMorePages() {
			page, err := pages.NextPage(context.Background())
			require.NoError(t, err)
			for _, i := range page.Items {
				require.Len(t, i, 1)
				seen = append(seen, i["SK"].(*types.AttributeValueMemberS).Value)
			}
		}
		return seen
	}
	first := scan()
	require.Len(t, first, 40)
	require.Equal(t, first, scan(), "the order is the same every time")
	slices.Sort(first)
	require.Len(t, slices.Compact(first), 40)
}

// AWS.md §5: "GSI with projections, sparse".
func TestIndexIsSparseAndFollows(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	for i := range 9 {
		put(t, c, map[string]any{"PK": fmt.Sprintf("DEVICE#%d", i), "SK": "STATE", "GSI1PK": "STATUS#online", "GSI1SK": fmt.Sprintf("%d", i/3)})
	}
	put(t, c, map[string]any{"PK": "DEVICE#x", "SK": "STATE", "GSI1PK": "STATUS#online"}) // no sort key: not in the index
	query := func(status string) (things []string) {
		pages := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{TableName: deviceTable, IndexName: aws.String("StatusIndex"), Limit: aws.Int32(2),
			KeyConditionExpression: aws.String("GSI1PK = :s"), ExpressionAttributeValues: item{":s": text(status)}})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			require.NoError(t, err)
			if page.LastEvaluatedKey != nil {
				require.Len(t, page.LastEvaluatedKey, 4)
			}
			for _, i := range page.Items {
				things = append(things, strings.TrimPrefix(i["PK"].(*types.AttributeValueMemberS).Value, "DEVICE#"))
			}
		}
		slices.Sort(things)
		return things
	}
	require.Len(t, query("STATUS#online"), 9)
	update := func(thing, expression string, values item) {
		_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey(thing), UpdateExpression: &expression, ExpressionAttributeValues: values})
		require.NoError(t, err)
	}
	update("3", "SET GSI1PK = :s", item{":s": text("STATUS#offline")})
	update("4", "REMOVE GSI1SK", nil)
	_, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: deviceTable, Key: stateKey("5")})
	require.NoError(t, err)
	require.Equal(t, []string{"0", "1", "2", "6", "7", "8"}, query("STATUS#online"))
	require.Equal(t, []string{"3"}, query("STATUS#offline"))
	d, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: deviceTable})
	require.NoError(t, err)
	require.EqualValues(t, 9, *d.Table.ItemCount)
	require.EqualValues(t, 7, *d.Table.GlobalSecondaryIndexes[0].ItemCount)
}

// AWS.md §5: "GSI with projections, sparse".
func TestIndexProjections(t *testing.T) {
	ctx := context.Background()
	c := client(New(Config{}))
	index := func(name string, p *types.Projection) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{IndexName: &name, KeySchema: keys("g"), Projection: p}
	}
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: aws.String("projected"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define("S", "p", "g"), KeySchema: keys("p"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			index("keys", &types.Projection{ProjectionType: "KEYS_ONLY"}),
			index("some", &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{"x"}}),
		}})
	require.NoError(t, err)
	_, err = c.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("projected"), Item: item{"p": text("1"), "g": text("a"), "x": text("X"), "y": text("Y")}})
	require.NoError(t, err)
	query := func(index string, more ...func(*dynamodb.QueryInput)) ([]item, error) {
		in := &dynamodb.QueryInput{TableName: aws.String("projected"), IndexName: &index, KeyConditionExpression: aws.String("g = :g"), ExpressionAttributeValues: item{":g": text("a")}}
		for _, f := range more {
			f(in)
		}
		out, err := c.Query(ctx, in)
		if err != nil {
			return nil, err
		}
		return out.Items, nil
	}
	got, err := query("keys")
	require.NoError(t, err)
	require.Equal(t, []item{{"p": text("1"), "g": text("a")}}, got)
	got, err = query("some")
	require.NoError(t, err)
	require.Equal(t, []item{{"p": text("1"), "g": text("a"), "x": text("X")}}, got)
	_, err = query("some", func(in *dynamodb.QueryInput) { in.ProjectionExpression = aws.String("x, y") })
	refused(t, err, "ValidationException", "One or more parameter values were invalid: Global secondary index some does not project [y]")
	_, err = query("keys", func(in *dynamodb.QueryInput) { in.Select = "ALL_ATTRIBUTES" })
	refused(t, err, "ValidationException", "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is not ALL")
	_, err = query("keys", func(in *dynamodb.QueryInput) { in.ConsistentRead = aws.Bool(true) })
	refused(t, err, "ValidationException", "Consistent reads are not supported on global secondary indexes")
	_, err = query("none")
	refused(t, err, "ValidationException", "The table does not have the specified index: none")
}

package dynamodb

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

func TestTags(t *testing.T) {
	ctx, c := t.Context(), client(New(Config{}))
	tag := func(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }
	made, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String("tagged"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define(types.ScalarAttributeTypeS, "p"), KeySchema: keys("p"), Tags: []types.Tag{tag("b", "2"), tag("a", "1")},
	})
	require.NoError(t, err)
	arn := made.TableDescription.TableArn
	_, err = c.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{tag("b", "3"), tag("c", "")}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &dynamodb.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a", "none"}})
	require.NoError(t, err)
	out, err := c.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, []types.Tag{tag("b", "3"), tag("c", "")}, out.Tags)

	var many []types.Tag
	for i := range 49 {
		many = append(many, tag(fmt.Sprint("k", i), ""))
	}
	_, err = c.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: arn, Tags: many})
	require.ErrorContains(t, err, "Too many tags")
	_, err = c.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{tag("aws:x", "")}})
	require.ErrorContains(t, err, "aws:")
	none := *arn + "s"
	_, err = c.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: &none})
	refused(t, err, "ResourceNotFoundException", "Requested resource not found: ResourcArn: "+none+" not found")
}

func TestProtectedTableIsNotDeleted(t *testing.T) {
	ctx, c, name := t.Context(), client(New(Config{})), aws.String("protected")
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: name, BillingMode: types.BillingModePayPerRequest, DeletionProtectionEnabled: aws.Bool(true),
		AttributeDefinitions: define(types.ScalarAttributeTypeS, "p"), KeySchema: keys("p"),
	})
	require.NoError(t, err)
	_, err = c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: name})
	refused(t, err, "ValidationException", "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	out, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: name})
	require.NoError(t, err)
	require.True(t, *out.Table.DeletionProtectionEnabled)
}

// AWS.md §5: "TTL": items are deleted in the second that they name.
func TestItemsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, c, name := t.Context(), devices(t), aws.String("iot-devices")
		put := func(key string, at any) {
			values := map[string]any{"PK": key, "SK": "s", "GSI1PK": "all", "GSI1SK": key}
			if at != nil {
				values["until"] = at
			}
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: marshal(t, values)})
			require.NoError(t, err)
		}
		left := func() (names []string) {
			out, err := c.Query(ctx, &dynamodb.QueryInput{
				TableName: name, IndexName: aws.String("StatusIndex"), KeyConditionExpression: aws.String("GSI1PK = :p"), ExpressionAttributeValues: item{":p": text("all")},
			})
			require.NoError(t, err)
			for _, it := range out.Items {
				names = append(names, unmarshal(t, it)["PK"].(string))
			}
			return names
		}
		now := time.Now()
		put("before", now.Add(time.Minute).Unix()) // in the table before TTL is on
		set := func(on bool, attribute string) error {
			_, err := c.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &on}})
			return err
		}
		refused(t, set(false, "until"), "ValidationException", "TimeToLive is already disabled")
		require.NoError(t, set(true, "until"))
		refused(t, set(true, "until"), "ValidationException", "TimeToLive is already enabled")
		refused(t, set(true, "other"), "ValidationException", "TimeToLive is active on a different AttributeName: current AttributeName is until")
		put("later", now.Add(time.Hour).Unix())
		put("moved", now.Add(time.Minute).Unix())
		put("moved", now.Add(time.Hour+time.Minute).Unix())
		put("never", nil)
		put("text", fmt.Sprint(now.Add(time.Minute).Unix()))
		put("ancient", now.AddDate(-6, 0, 0).Unix())
		require.Equal(t, []string{"ancient", "before", "later", "moved", "never", "text"}, left())
		time.Sleep(time.Minute - time.Second)
		require.Contains(t, left(), "before")
		time.Sleep(time.Second)
		require.Equal(t, []string{"ancient", "later", "moved", "never", "text"}, left())
		time.Sleep(time.Hour)
		require.Equal(t, []string{"ancient", "never", "text"}, left())
		put("off", time.Now().Add(time.Minute).Unix())
		require.NoError(t, set(false, "until"))
		time.Sleep(time.Hour)
		require.Equal(t, []string{"ancient", "never", "off", "text"}, left())
	})
}

func TestContinuousBackupsOfNoTable(t *testing.T) {
	_, err := client(New(Config{})).DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String("none")})
	refused(t, err, "TableNotFoundException", "Table not found: none")
}

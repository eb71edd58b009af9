package dynamodb

import (
	"fmt"
	"strings"
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
	refused(t, err, "ValidationException", "Number of Tags exceed the current limit for the provided ResourceArn")
	none := *arn + "s"
	_, err = c.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: &none})
	refused(t, err, "ResourceNotFoundException", "Requested resource not found: ResourcArn: "+none+" not found")
}

// The rules are of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
// and the messages were seen of the service.
func TestTagsAreChecked(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/iot-devices"
	long := strings.Repeat("ü", 257)
	tag := func(key string, value *string) []types.Tag { return []types.Tag{{Key: &key, Value: value}} }
	for message, in := range map[string]dynamodb.TagResourceInput{
		"Atleast one Tag needs to be provided as Input.":                                      {Tags: []types.Tag{}},
		"The Tag Key provided is invalid, Key: ":                                              {Tags: tag("", aws.String("x"))},
		"The Tag Key provided is invalid, Key: a#b":                                           {Tags: tag("a#b", aws.String("x"))},
		"The Tag Key provided is invalid, Key: " + long:                                       {Tags: tag(long, aws.String("x"))},
		"The Tag Value provided is invalid, Value: null":                                      {Tags: tag("a", nil)},
		"The Tag Value provided is invalid, Value: " + long:                                   {Tags: tag("a", &long)},
		"Tag Key cannot be prefixed with aws:, Key: aws:x":                                    {Tags: tag("aws:x", aws.String(""))},
		"Duplicate Tag Keys provided as input: Duplicate Tag Key found a":                     {Tags: append(tag("a", aws.String("x")), tag("a", aws.String("y"))...)},
		"One or more parameter values were invalid: ARNs must start with 'arn:': iot-devices": {ResourceArn: aws.String("iot-devices"), Tags: tag("a", aws.String("x"))},
		"One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " + arn + "/index/StatusIndex": {
			ResourceArn: aws.String(arn + "/index/StatusIndex"), Tags: tag("a", aws.String("x"))},
	} {
		if in.ResourceArn == nil {
			in.ResourceArn = aws.String(arn)
		}
		_, err := c.TagResource(ctx, &in, unchecked)
		refused(t, err, "ValidationException", message)
	}
	_, err := c.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: aws.String(arn), Tags: tag("grün 1 +-=._:/", aws.String(""))})
	require.NoError(t, err)
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
		refused(t, set(false, "until"), "ValidationException", "Time to live has been modified multiple times within a fixed interval")
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

package dynamodb

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// "You can only perform one of the following operations at once", says
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
// The messages, and which of them comes first, were seen of the service.
func TestUpdateTableDoesOneThing(t *testing.T) {
	c := forum(t)
	const wrong = "One or more parameter values were invalid: "
	units := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}
	protected, off := aws.Bool(true), &types.StreamSpecification{StreamEnabled: aws.Bool(false)}
	sse := &types.SSESpecification{Enabled: aws.Bool(true)}
	warm := &types.WarmThroughput{ReadUnitsPerSecond: aws.Int64(15000)}
	made := create("by-forum", "forum")
	drop := &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("by-last")}
	keep := &types.UpdateGlobalSecondaryIndexAction{IndexName: aws.String("by-last"), OnDemandThroughput: most(1, 1)}
	for _, tc := range []struct {
		in      dynamodb.UpdateTableInput
		message string
	}{
		{dynamodb.UpdateTableInput{SSESpecification: sse, TableClass: "STANDARD", DeletionProtectionEnabled: protected}, wrong + "Server-Side Encryption modification must be the only operation in the request"},
		{dynamodb.UpdateTableInput{TableClass: "STANDARD", DeletionProtectionEnabled: protected}, wrong + "TableClass modification must be the only operation in the request"},
		{dynamodb.UpdateTableInput{DeletionProtectionEnabled: protected, WarmThroughput: warm}, wrong + "DeletionProtection modification must be the only operation in the request"},
		{dynamodb.UpdateTableInput{WarmThroughput: warm, OnDemandThroughput: most(1, 1)}, wrong + "WarmThroughput must be the only operation in the request"},
		{dynamodb.UpdateTableInput{WarmThroughput: warm, GlobalSecondaryIndexUpdates: made}, wrong + "Create global secondary index cannot be specified when updating WarmThroughput"},
		{dynamodb.UpdateTableInput{OnDemandThroughput: most(1, 1), StreamSpecification: off}, wrong + "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"},
		{dynamodb.UpdateTableInput{ProvisionedThroughput: units, StreamSpecification: off}, wrong + "You cannot modify stream status while updating table IOPS"},
		{dynamodb.UpdateTableInput{BillingMode: "PROVISIONED", ProvisionedThroughput: units, GlobalSecondaryIndexUpdates: made}, wrong + "You cannot create or delete index while updating table IOPS"},
		{dynamodb.UpdateTableInput{StreamSpecification: off, GlobalSecondaryIndexUpdates: made}, wrong + "You cannot create or delete index while changing stream status"},
		{dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{}}, wrong + "List of GlobalSecondaryIndexUpdates is empty"},
		{dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: made[0].Create, Delete: drop}}}, wrong + "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"},
		{dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Delete: drop}}}, "Cannot delete an index that is not a GlobalSecondaryIndex: by-last"},
		{dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Update: keep}}}, "Cannot update an index that is not a GlobalSecondaryIndex: by-last"},
		{dynamodb.UpdateTableInput{StreamSpecification: off}, "Table has no stream to disable: TableName: thread"},
		{dynamodb.UpdateTableInput{StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true)}}, wrong + "If stream is being enabled then UpdateViewType is required"},
	} {
		_, err := alter(t, c, &tc.in)
		refused(t, err, "ValidationException", tc.message)
	}
	_, err := alter(t, c, &dynamodb.UpdateTableInput{BillingMode: "PAY_PER_REQUEST", OnDemandThroughput: most(1, 1)})
	require.NoError(t, err)
	_, err = alter(t, c, &dynamodb.UpdateTableInput{BillingMode: "PAY_PER_REQUEST", StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "KEYS_ONLY"}})
	require.NoError(t, err)
}

// The names of keys, and those that an index projects, are shorter than others. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
func TestNamesOfKeysAreShort(t *testing.T) {
	long, twice := text255()+"x", []string{"a", "b", "a"}
	for message, change := range map[string]func(*dynamodb.CreateTableInput){
		"'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255": func(in *dynamodb.CreateTableInput) {
			in.AttributeDefinitions, in.KeySchema = define("S", long), keys(long)
		},
		"'globalSecondaryIndexes.1.member.projection.nonKeyAttributes.1.member' failed to satisfy constraint: Member must have length less than or equal to 255": projecting(long),
		"'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to 20":           projecting(make([]string, 21)...),
		"One or more parameter values were invalid: Duplicate element in NonKeyAttributes: a":                                                                    projecting(twice...),
	} {
		require.ErrorContains(t, plainTable(t, client(New(Config{})), change), message)
	}
	require.NoError(t, plainTable(t, client(New(Config{})), func(in *dynamodb.CreateTableInput) {
		in.AttributeDefinitions, in.KeySchema = define("S", text255()), keys(text255())
	}))
}

// text255 is of 255 characters and more bytes.
func text255() string { return strings.Repeat("ü", 255) }

// projecting adds an index with non-key attributes.
func projecting(names ...string) func(*dynamodb.CreateTableInput) {
	return func(in *dynamodb.CreateTableInput) {
		in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{
			IndexName: aws.String("by-p"), KeySchema: keys("p"), Projection: &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: names},
		}}
	}
}

package dynamodb

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// plainTable makes an on-demand table with what change adds.
func plainTable(t testing.TB, c *dynamodb.Client, change func(*dynamodb.CreateTableInput)) error {
	in := &dynamodb.CreateTableInput{
		TableName: aws.String("plain"), BillingMode: types.BillingModePayPerRequest, AttributeDefinitions: define(types.ScalarAttributeTypeS, "p"), KeySchema: keys("p"),
	}
	change(in)
	_, err := c.CreateTable(t.Context(), in)
	return err
}

func described(t testing.TB, c *dynamodb.Client, table string) *types.TableDescription {
	out, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
	require.NoError(t, err)
	return out.Table
}

func changed(t testing.TB, c *dynamodb.Client, table string, in dynamodb.UpdateTableInput) error {
	in.TableName = &table
	_, err := c.UpdateTable(t.Context(), &in)
	return err
}

func TestEncryptionIsKept(t *testing.T) {
	c := client(New(Config{}))
	own := &types.SSESpecification{Enabled: aws.Bool(true), KMSMasterKeyId: aws.String("alias/mine")}
	require.ErrorContains(t, plainTable(t, c, func(in *dynamodb.CreateTableInput) { in.SSESpecification = own }), `KMSMasterKeyId "alias/mine" is not implemented by Shakedown`)
	on, off := &types.SSESpecification{Enabled: aws.Bool(true), SSEType: types.SSETypeKms}, &types.SSESpecification{Enabled: aws.Bool(false)}
	require.NoError(t, plainTable(t, c, func(in *dynamodb.CreateTableInput) { in.SSESpecification = on }))
	managed := &types.SSEDescription{Status: types.SSEStatusEnabled, SSEType: types.SSETypeKms, KMSMasterKeyArn: aws.String("arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb")}
	require.Equal(t, managed, described(t, c, "plain").SSEDescription)
	refused(t, changed(t, c, "plain", dynamodb.UpdateTableInput{SSESpecification: on}), "ValidationException", "One or more parameter values were invalid: Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key")
	require.NoError(t, changed(t, c, "plain", dynamodb.UpdateTableInput{SSESpecification: off}))
	require.Nil(t, described(t, c, "plain").SSEDescription, "AWS's own key is not described")
	refused(t, changed(t, c, "plain", dynamodb.UpdateTableInput{SSESpecification: off}), "ValidationException", "One or more parameter values were invalid: Table is already encrypted by default")
	off.SSEType = types.SSETypeKms
	require.ErrorContains(t, changed(t, c, "plain", dynamodb.UpdateTableInput{SSESpecification: off}), "One or more parameter values were invalid: SSEType can not be specified if Enabled is false")
	on.SSEType = types.SSETypeAes256
	require.ErrorContains(t, changed(t, c, "plain", dynamodb.UpdateTableInput{SSESpecification: on}), "One or more parameter values were invalid: SSEType AES256 is not supported")
}

func TestTableClassIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(New(Config{}))
		require.NoError(t, plainTable(t, c, func(in *dynamodb.CreateTableInput) { in.TableClass = types.TableClassStandardInfrequentAccess }))
		require.Equal(t, &types.TableClassSummary{TableClass: types.TableClassStandardInfrequentAccess}, described(t, c, "plain").TableClassSummary)
		time.Sleep(time.Hour)
		require.NoError(t, changed(t, c, "plain", dynamodb.UpdateTableInput{TableClass: types.TableClassStandard}))
		got := described(t, c, "plain").TableClassSummary
		require.Equal(t, types.TableClassStandard, got.TableClass)
		require.WithinDuration(t, time.Now(), *got.LastUpdateDateTime, time.Second)
		refused(t, changed(t, c, "plain", dynamodb.UpdateTableInput{TableClass: "GLACIER"}), "ValidationException",
			"Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].")
	})
}

func TestWarmThroughputGrows(t *testing.T) {
	c := client(New(Config{}))
	warm := func(reads, writes int64) *types.WarmThroughput {
		return &types.WarmThroughput{ReadUnitsPerSecond: &reads, WriteUnitsPerSecond: &writes}
	}
	is := func(reads, writes int64) {
		t.Helper()
		require.Equal(t, &types.TableWarmThroughputDescription{ReadUnitsPerSecond: &reads, WriteUnitsPerSecond: &writes, Status: types.TableStatusActive}, described(t, c, "plain").WarmThroughput)
	}
	require.NoError(t, plainTable(t, c, func(*dynamodb.CreateTableInput) {}))
	is(12000, 4000)
	require.NoError(t, changed(t, c, "plain", dynamodb.UpdateTableInput{WarmThroughput: warm(15000, 5000)}))
	is(15000, 5000)
	require.NoError(t, changed(t, c, "plain", dynamodb.UpdateTableInput{WarmThroughput: &types.WarmThroughput{WriteUnitsPerSecond: aws.Int64(6000)}}))
	is(15000, 6000)
	refused(t, changed(t, c, "plain", dynamodb.UpdateTableInput{WarmThroughput: warm(14999, 6000)}), "ValidationException",
		"One or more parameter values were invalid: Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported")
	require.ErrorContains(t, changed(t, c, "plain", dynamodb.UpdateTableInput{WarmThroughput: warm(40001, 6000)}), "'warmThroughput.ReadUnitsPerSecond'")
	is(15000, 6000)
}

func TestPointInTimeRecoveryIsKept(t *testing.T) {
	ctx, c, name := t.Context(), client(New(Config{})), aws.String("plain")
	require.NoError(t, plainTable(t, c, func(*dynamodb.CreateTableInput) {}))
	set := func(on bool, days *int32) (*types.PointInTimeRecoveryDescription, error) {
		out, err := c.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: &on, RecoveryPeriodInDays: days}})
		if err != nil {
			return nil, err
		}
		now, err := c.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: name})
		require.NoError(t, err)
		require.Equal(t, out.ContinuousBackupsDescription, now.ContinuousBackupsDescription)
		require.Equal(t, types.ContinuousBackupsStatusEnabled, now.ContinuousBackupsDescription.ContinuousBackupsStatus)
		return now.ContinuousBackupsDescription.PointInTimeRecoveryDescription, nil
	}
	got, err := set(true, nil)
	require.NoError(t, err)
	require.Equal(t, &types.PointInTimeRecoveryDescription{PointInTimeRecoveryStatus: types.PointInTimeRecoveryStatusEnabled, RecoveryPeriodInDays: aws.Int32(35)}, got)
	got, err = set(true, aws.Int32(7))
	require.NoError(t, err)
	require.Equal(t, int32(7), *got.RecoveryPeriodInDays)
	_, err = set(true, aws.Int32(36))
	require.ErrorContains(t, err, "between 1 and 35")
	got, err = set(false, nil)
	require.NoError(t, err)
	require.Equal(t, &types.PointInTimeRecoveryDescription{PointInTimeRecoveryStatus: types.PointInTimeRecoveryStatusDisabled}, got)
	_, err = set(false, aws.Int32(1))
	refused(t, err, "ValidationException", "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
	_, err = c.RestoreTableToPointInTime(ctx, &dynamodb.RestoreTableToPointInTimeInput{SourceTableName: name, TargetTableName: aws.String("restored"), UseLatestRestorableTime: aws.Bool(true)})
	require.ErrorContains(t, err, "RestoreTableToPointInTime is not implemented by Shakedown")
}

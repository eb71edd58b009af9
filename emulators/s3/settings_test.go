package s3_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

func TestSettingsOfABucketAreKept(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	_, err := c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: archive})
	require.Equal(t, "NoSuchTagSet", code(err))
	tags := []types.Tag{{Key: aws.String("fleet"), Value: aws.String("north & <south>")}}
	_, err = c.PutBucketTagging(ctx, &sdk.PutBucketTaggingInput{Bucket: archive, Tagging: &types.Tagging{TagSet: tags}})
	require.NoError(t, err)
	got, err := c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, tags, got.TagSet)
	_, err = c.DeleteBucketTagging(ctx, &sdk.DeleteBucketTaggingInput{Bucket: archive})
	require.NoError(t, err)
	_, err = c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: archive})
	require.Equal(t, "NoSuchTagSet", code(err))

	policy := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::archive/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`)
	_, err = c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: archive, Policy: policy})
	require.NoError(t, err)
	kept, err := c.GetBucketPolicy(ctx, &sdk.GetBucketPolicyInput{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, policy, kept.Policy)
	_, err = c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: archive, Policy: aws.String("no")})
	require.Equal(t, "MalformedPolicy", code(err))

	block := &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(false), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(false)}
	_, err = c.PutPublicAccessBlock(ctx, &sdk.PutPublicAccessBlockInput{Bucket: archive, PublicAccessBlockConfiguration: block})
	require.NoError(t, err)
	blocked, err := c.GetPublicAccessBlock(ctx, &sdk.GetPublicAccessBlockInput{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, block, blocked.PublicAccessBlockConfiguration)

	owned, err := c.GetBucketOwnershipControls(ctx, &sdk.GetBucketOwnershipControlsInput{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, types.ObjectOwnershipBucketOwnerEnforced, owned.OwnershipControls.Rules[0].ObjectOwnership)
}

func TestWhatABucketDoesNotDoIsRefusedByName(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	_, err := c.PutBucketEncryption(ctx, &sdk.PutBucketEncryptionInput{Bucket: archive, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}}}}})
	require.Equal(t, "NotImplemented", code(err))
	require.ErrorContains(t, err, "aws:kms")
	_, err = c.PutBucketLifecycleConfiguration(ctx, &sdk.PutBucketLifecycleConfigurationInput{Bucket: archive, LifecycleConfiguration: &types.BucketLifecycleConfiguration{
		Rules: []types.LifecycleRule{{Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(1)}}}}})
	require.ErrorContains(t, err, "PutBucketLifecycleConfiguration is not implemented")
	_, err = c.GetBucketLifecycleConfiguration(ctx, &sdk.GetBucketLifecycleConfigurationInput{Bucket: archive})
	require.Equal(t, "NoSuchLifecycleConfiguration", code(err))
	_, err = c.PutBucketTagging(ctx, &sdk.PutBucketTaggingInput{Bucket: aws.String("none"), Tagging: &types.Tagging{TagSet: []types.Tag{}}})
	require.Equal(t, "NoSuchBucket", code(err))
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
func TestANewBucketIsInTheRegion(t *testing.T) {
	_, c := start(t)
	create := func(name string, in types.CreateBucketConfiguration) string {
		_, err := c.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &in})
		return code(err)
	}
	require.Empty(t, create("here", types.CreateBucketConfiguration{LocationConstraint: "us-east-1"}))
	require.Equal(t, "IllegalLocationConstraintException", create("there", types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintEuWest1}))
	require.Equal(t, "NotImplemented", create("tagged", types.CreateBucketConfiguration{Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}))
	list, err := c.ListBuckets(t.Context(), &sdk.ListBucketsInput{})
	require.NoError(t, err)
	require.Len(t, list.Buckets, 2) // archive and here
}

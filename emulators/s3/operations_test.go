package s3_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table, and each member of an input to
// be acted on or refused by name.
func TestOperations(t *testing.T) {
	state := s3.New(s3.Config{Targets: targets{}})
	// Refused operations are called of the bucket x, a name that S3 does not take.
	require.NoError(t, state.CreateBucket(t.Context(), "x"))
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: s3.Handler(state)},
	}
	pathStyle := func(c aws.Config) *sdk.Client {
		return sdk.NewFromConfig(c, func(o *sdk.Options) { o.UsePathStyle, o.DisableS3ExpressSessionAuth = true, aws.Bool(true) })
	}
	operationtest.Check(t, config, pathStyle, func(t *testing.T, c *sdk.Client) {
		for _, name := range []string{"archive", "empty"} {
			_, err := c.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: &name})
			require.NoError(t, err)
		}
		actOnObjects(t, c)
		actOnUploads(t, c)
		actOnSettings(t, c)
		actOnMembersOfObjects(t, c)
		actOnMembersOfReads(t, c)
		actOnRequestPayer(t, c)
		actOnMembersOfUploads(t, c)
		actOnMembersOfLists(t, c)
		actOnMembersOfSettings(t, c)
	}, operationtest.Fields(nil))
}

// doing calls an operation and wants no error.
func doing[In, Out any](t *testing.T, call func(context.Context, *In, ...func(*sdk.Options)) (*Out, error), in *In) *Out {
	t.Helper()
	out, err := call(t.Context(), in)
	require.NoError(t, err)
	return out
}

func actOnObjects(t *testing.T, c *sdk.Client) {
	x, key := aws.String("x"), aws.String("x")
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: x, Key: key, Body: strings.NewReader("x")})
	doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("copy"), CopySource: aws.String("x/x")})
	doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: aws.String("copy")})
	doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: x, Key: key})
	doing(t, c.GetObjectAcl, &sdk.GetObjectAclInput{Bucket: x, Key: key})
	doing(t, c.GetObjectAttributes, &sdk.GetObjectAttributesInput{Bucket: x, Key: key, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesEtag}})
	tags := []types.Tag{{Key: aws.String("fleet"), Value: aws.String("north")}}
	doing(t, c.PutObjectTagging, &sdk.PutObjectTaggingInput{Bucket: x, Key: key, Tagging: &types.Tagging{TagSet: tags}})
	require.Equal(t, tags, doing(t, c.GetObjectTagging, &sdk.GetObjectTaggingInput{Bucket: x, Key: key}).TagSet)
	doing(t, c.DeleteObjectTagging, &sdk.DeleteObjectTaggingInput{Bucket: x, Key: key})
	require.Len(t, doing(t, c.ListObjects, &sdk.ListObjectsInput{Bucket: x}).Contents, 1)
	require.Len(t, doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: x}).Contents, 1)
	require.Len(t, doing(t, c.ListObjectVersions, &sdk.ListObjectVersionsInput{Bucket: x}).Versions, 1)
	doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("copy")})
	doing(t, c.DeleteObjects, &sdk.DeleteObjectsInput{Bucket: archive, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("copy")}}}})
	require.Empty(t, doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive}).Contents)
}

func actOnUploads(t *testing.T, c *sdk.Client) {
	key := aws.String("k")
	id := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key}).UploadId
	part := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: id, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	doing(t, c.UploadPartCopy, &sdk.UploadPartCopyInput{Bucket: archive, Key: key, UploadId: id, PartNumber: aws.Int32(2), CopySource: aws.String("x/x")})
	require.Len(t, doing(t, c.ListParts, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: id}).Parts, 2)
	require.Len(t, doing(t, c.ListMultipartUploads, &sdk.ListMultipartUploadsInput{Bucket: archive}).Uploads, 1)
	doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}}})
	id = doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key}).UploadId
	doing(t, c.AbortMultipartUpload, &sdk.AbortMultipartUploadInput{Bucket: archive, Key: key, UploadId: id})
}

func actOnSettings(t *testing.T, c *sdk.Client) {
	b := archive
	doing(t, c.HeadBucket, &sdk.HeadBucketInput{Bucket: b})
	require.Len(t, doing(t, c.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 3)
	doing(t, c.DeleteBucket, &sdk.DeleteBucketInput{Bucket: aws.String("empty")})
	doing(t, c.GetBucketLocation, &sdk.GetBucketLocationInput{Bucket: b})
	doing(t, c.GetBucketAcl, &sdk.GetBucketAclInput{Bucket: b})
	doing(t, c.GetBucketAccelerateConfiguration, &sdk.GetBucketAccelerateConfigurationInput{Bucket: b})
	doing(t, c.GetBucketLogging, &sdk.GetBucketLoggingInput{Bucket: b})
	doing(t, c.GetBucketRequestPayment, &sdk.GetBucketRequestPaymentInput{Bucket: b})
	doing(t, c.PutBucketNotificationConfiguration, &sdk.PutBucketNotificationConfigurationInput{Bucket: b, NotificationConfiguration: &types.NotificationConfiguration{}})
	doing(t, c.GetBucketNotificationConfiguration, &sdk.GetBucketNotificationConfigurationInput{Bucket: b})
	doing(t, c.PutBucketTagging, &sdk.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}})
	doing(t, c.GetBucketTagging, &sdk.GetBucketTaggingInput{Bucket: b})
	doing(t, c.DeleteBucketTagging, &sdk.DeleteBucketTaggingInput{Bucket: b})
	doing(t, c.PutBucketPolicy, &sdk.PutBucketPolicyInput{Bucket: b, Policy: aws.String(`{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::elsewhere"}}`)})
	doing(t, c.GetBucketPolicy, &sdk.GetBucketPolicyInput{Bucket: b})
	doing(t, c.DeleteBucketPolicy, &sdk.DeleteBucketPolicyInput{Bucket: b})
	block := doing(t, c.GetPublicAccessBlock, &sdk.GetPublicAccessBlockInput{Bucket: b})
	doing(t, c.PutPublicAccessBlock, &sdk.PutPublicAccessBlockInput{Bucket: b, PublicAccessBlockConfiguration: block.PublicAccessBlockConfiguration})
	doing(t, c.DeletePublicAccessBlock, &sdk.DeletePublicAccessBlockInput{Bucket: b})
	owned := doing(t, c.GetBucketOwnershipControls, &sdk.GetBucketOwnershipControlsInput{Bucket: b})
	doing(t, c.PutBucketOwnershipControls, &sdk.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: owned.OwnershipControls})
	doing(t, c.DeleteBucketOwnershipControls, &sdk.DeleteBucketOwnershipControlsInput{Bucket: b})
	encrypted := doing(t, c.GetBucketEncryption, &sdk.GetBucketEncryptionInput{Bucket: b})
	doing(t, c.PutBucketEncryption, &sdk.PutBucketEncryptionInput{Bucket: b, ServerSideEncryptionConfiguration: encrypted.ServerSideEncryptionConfiguration})
	doing(t, c.DeleteBucketEncryption, &sdk.DeleteBucketEncryptionInput{Bucket: b})
	doing(t, c.PutBucketVersioning, &sdk.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	doing(t, c.GetBucketVersioning, &sdk.GetBucketVersioningInput{Bucket: b})
}

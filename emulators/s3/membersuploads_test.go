package s3_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

func actOnMembersOfUploads(t *testing.T, c *sdk.Client) {
	putHello(t, c, "source")
	for _, of := range []struct {
		part      sdk.UploadPartInput
		named     types.CompletedPart
		completes sdk.CompleteMultipartUploadInput
	}{
		{sdk.UploadPartInput{ChecksumCRC32: helloCRC32, ContentMD5: helloMD5}, types.CompletedPart{ChecksumCRC32: helloCRC32}, sdk.CompleteMultipartUploadInput{ChecksumCRC32: helloCRC32, ChecksumType: types.ChecksumTypeFullObject}},
		{sdk.UploadPartInput{ChecksumCRC32C: castagnoli}, types.CompletedPart{ChecksumCRC32C: castagnoli}, sdk.CompleteMultipartUploadInput{ChecksumCRC32C: castagnoli, IfMatch: helloETag}},
		{sdk.UploadPartInput{ChecksumCRC64NVME: helloNVME}, types.CompletedPart{ChecksumCRC64NVME: helloNVME}, sdk.CompleteMultipartUploadInput{ChecksumCRC64NVME: helloNVME}},
		{sdk.UploadPartInput{ChecksumSHA1: helloSHA1, ContentLength: aws.Int64(5)}, types.CompletedPart{ChecksumSHA1: helloSHA1}, sdk.CompleteMultipartUploadInput{ChecksumSHA1: helloSHA1}},
		{sdk.UploadPartInput{ChecksumSHA256: helloSHA2}, types.CompletedPart{ChecksumSHA256: helloSHA2}, sdk.CompleteMultipartUploadInput{ChecksumSHA256: helloSHA2}},
		{sdk.UploadPartInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32}, types.CompletedPart{}, sdk.CompleteMultipartUploadInput{IfNoneMatch: aws.String("*"), MpuObjectSize: aws.Int64(5)}},
	} {
		key := aws.String("upload")
		if of.completes.IfNoneMatch != nil {
			key = aws.String("upload-new")
		}
		if of.completes.IfMatch != nil {
			putHello(t, c, *key)
		}
		id := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key}).UploadId
		of.part.Bucket, of.part.Key, of.part.UploadId, of.part.PartNumber, of.part.Body = archive, key, id, aws.Int32(1), strings.NewReader(hello)
		of.named.ETag, of.named.PartNumber = doing(t, c.UploadPart, &of.part).ETag, aws.Int32(1)
		of.completes.Bucket, of.completes.Key, of.completes.UploadId = archive, key, id
		of.completes.MultipartUpload = &types.CompletedMultipartUpload{Parts: []types.CompletedPart{of.named}}
		doing(t, c.CompleteMultipartUpload, &of.completes)
	}
	key := aws.String("described")
	id := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key, ACL: types.ObjectCannedACLBucketOwnerFullControl,
		CacheControl: aws.String("no-store"), ContentDisposition: aws.String("inline"), ContentEncoding: aws.String("br"), ContentLanguage: aws.String("de"),
		ContentType: aws.String("text/plain"), Expires: &next, Metadata: map[string]string{"unit": "celsius"}, Tagging: aws.String("fleet=north"),
		ServerSideEncryption: types.ServerSideEncryptionAes256, StorageClass: types.StorageClassStandard, WebsiteRedirectLocation: aws.String("/elsewhere"),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, ChecksumType: types.ChecksumTypeFullObject}).UploadId
	source := sdk.UploadPartCopyInput{Bucket: archive, Key: key, UploadId: id, PartNumber: aws.Int32(1), CopySource: aws.String("archive/source"),
		CopySourceIfMatch: helloETag, CopySourceIfUnmodifiedSince: &next, CopySourceRange: aws.String("bytes=0-3")}
	doing(t, c.UploadPartCopy, &source)
	source.PartNumber, source.CopySourceIfMatch, source.CopySourceIfUnmodifiedSince, source.CopySourceIfNoneMatch, source.CopySourceIfModifiedSince = aws.Int32(2), nil, nil, other, &long
	doing(t, c.UploadPartCopy, &source)
	parts := doing(t, c.ListParts, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: id, MaxParts: aws.Int32(1), PartNumberMarker: aws.String("1")}).Parts
	require.Len(t, parts, 1)
	require.EqualValues(t, 2, *parts[0].PartNumber)
	require.EqualValues(t, 4, *parts[0].Size)
	require.Empty(t, doing(t, c.ListParts, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: id, PartNumberMarker: aws.String("99")}).Parts)
	doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{
		Parts: []types.CompletedPart{{PartNumber: parts[0].PartNumber, ETag: parts[0].ETag}}}})
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key})
	require.Equal(t, []string{"no-store", "inline", "br", "de", "text/plain", "/elsewhere", "celsius"}, []string{*head.CacheControl, *head.ContentDisposition,
		*head.ContentEncoding, *head.ContentLanguage, *head.ContentType, *head.WebsiteRedirectLocation, head.Metadata["unit"]})
}

func actOnMembersOfLists(t *testing.T, c *sdk.Client) {
	for _, key := range []string{"list/a", "list/b", "list/c/d"} {
		putHello(t, c, key)
		doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: &key})
	}
	prefix, slash, one := aws.String("list/"), aws.String("/"), aws.Int32(1)
	v1 := doing(t, c.ListObjects, &sdk.ListObjectsInput{Bucket: archive, Prefix: prefix, Delimiter: slash, EncodingType: types.EncodingTypeUrl, MaxKeys: one, Marker: aws.String("list/a")})
	require.Equal(t, "list/b", *v1.Contents[0].Key)
	v2 := doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive, Prefix: prefix, Delimiter: slash, EncodingType: types.EncodingTypeUrl, MaxKeys: one, FetchOwner: aws.Bool(true), StartAfter: aws.String("list/a")})
	require.Equal(t, "list/b", *v2.Contents[0].Key)
	require.NotNil(t, v2.Contents[0].Owner)
	v2 = doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive, Prefix: prefix, Delimiter: slash, ContinuationToken: v2.NextContinuationToken})
	require.Len(t, v2.CommonPrefixes, 1)
	versions := doing(t, c.ListObjectVersions, &sdk.ListObjectVersionsInput{Bucket: archive, Prefix: prefix, Delimiter: slash, EncodingType: types.EncodingTypeUrl, MaxKeys: one})
	require.Equal(t, "list/a", *versions.Versions[0].Key)
	versions = doing(t, c.ListObjectVersions, &sdk.ListObjectVersionsInput{Bucket: archive, Prefix: prefix, KeyMarker: versions.NextKeyMarker, VersionIdMarker: versions.NextVersionIdMarker})
	require.Equal(t, "list/b", *versions.Versions[0].Key)
	uploads := doing(t, c.ListMultipartUploads, &sdk.ListMultipartUploadsInput{Bucket: archive, Prefix: prefix, Delimiter: slash, EncodingType: types.EncodingTypeUrl, MaxUploads: one})
	require.Equal(t, "list/a", *uploads.Uploads[0].Key)
	uploads = doing(t, c.ListMultipartUploads, &sdk.ListMultipartUploadsInput{Bucket: archive, Prefix: prefix, KeyMarker: uploads.NextKeyMarker, UploadIdMarker: uploads.NextUploadIdMarker})
	require.Equal(t, "list/b", *uploads.Uploads[0].Key)
	buckets := doing(t, c.ListBuckets, &sdk.ListBucketsInput{MaxBuckets: one, BucketRegion: aws.String("us-east-1")})
	require.Len(t, buckets.Buckets, 1)
	buckets = doing(t, c.ListBuckets, &sdk.ListBucketsInput{ContinuationToken: buckets.ContinuationToken, Prefix: aws.String("x")})
	require.Len(t, buckets.Buckets, 1)
}

func actOnMembersOfSettings(t *testing.T, c *sdk.Client) {
	b, crc := archive, types.ChecksumAlgorithmCrc32
	doing(t, c.CreateBucket, &sdk.CreateBucketInput{Bucket: aws.String("members"), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced, ACL: types.BucketCannedACLPrivate,
		BucketNamespace: types.BucketNamespaceGlobal, ObjectLockEnabledForBucket: aws.Bool(false), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "us-east-1"}})
	doing(t, c.PutBucketTagging, &sdk.PutBucketTaggingInput{Bucket: b, ChecksumAlgorithm: crc, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}})
	doing(t, c.PutBucketPolicy, &sdk.PutBucketPolicyInput{Bucket: b, ChecksumAlgorithm: crc, Policy: aws.String(`{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::elsewhere"}}`)})
	doing(t, c.PutPublicAccessBlock, &sdk.PutPublicAccessBlockInput{Bucket: b, ChecksumAlgorithm: crc, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true),
		BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}})
	owned := &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}}
	doing(t, c.PutBucketOwnershipControls, &sdk.PutBucketOwnershipControlsInput{Bucket: b, ChecksumAlgorithm: crc, OwnershipControls: owned})
	encrypted := doing(t, c.GetBucketEncryption, &sdk.GetBucketEncryptionInput{Bucket: aws.String("members")}).ServerSideEncryptionConfiguration
	doing(t, c.PutBucketEncryption, &sdk.PutBucketEncryptionInput{Bucket: b, ChecksumAlgorithm: crc, ServerSideEncryptionConfiguration: encrypted})
	doing(t, c.PutBucketVersioning, &sdk.PutBucketVersioningInput{Bucket: b, ChecksumAlgorithm: crc, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled, MFADelete: types.MFADeleteDisabled}})
	at := "arn:aws:sns:us-east-1:000000000000:t"
	events := []types.Event{types.EventS3ObjectCreatedPut}
	filter := &types.NotificationConfigurationFilter{Key: &types.S3KeyFilter{FilterRules: []types.FilterRule{{Name: types.FilterRuleNamePrefix, Value: aws.String("n/")}}}}
	doing(t, c.PutBucketNotificationConfiguration, &sdk.PutBucketNotificationConfigurationInput{Bucket: b, SkipDestinationValidation: aws.Bool(true), NotificationConfiguration: &types.NotificationConfiguration{
		TopicConfigurations:          []types.TopicConfiguration{{Id: aws.String("t"), TopicArn: &at, Events: events, Filter: filter}},
		QueueConfigurations:          []types.QueueConfiguration{{Id: aws.String("q"), QueueArn: aws.String("arn:aws:sqs:us-east-1:000000000000:q"), Events: []types.Event{types.EventS3ObjectCreatedCopy}, Filter: filter}},
		LambdaFunctionConfigurations: []types.LambdaFunctionConfiguration{{Id: aws.String("f"), LambdaFunctionArn: aws.String("arn:aws:lambda:us-east-1:000000000000:function:f"), Events: []types.Event{types.EventS3ObjectCreatedPost}, Filter: filter}},
	}})
}

// targets take what they are told.
type targets struct{}

func (targets) Queue(context.Context, string, string) error         { return nil }
func (targets) Topic(context.Context, string, string, string) error { return nil }
func (targets) Function(context.Context, string, []byte) error      { return nil }
func (targets) MayInvoke(context.Context, string) error             { return nil }

// A bucket without an upload has an empty list of them.
func TestListNoUploads(t *testing.T) {
	_, c := start(t)
	in := &sdk.ListMultipartUploadsInput{Bucket: archive, MaxUploads: aws.Int32(5), Prefix: aws.String("p/"), Delimiter: aws.String("/"), KeyMarker: aws.String("k")}
	out := doing(t, c.ListMultipartUploads, in)
	require.Empty(t, out.Uploads)
	require.Equal(t, []string{"archive", "p/", "/", "k"}, []string{*out.Bucket, *out.Prefix, *out.Delimiter, *out.KeyMarker})
	require.EqualValues(t, 5, *out.MaxUploads)
	require.False(t, *out.IsTruncated)
	in.MaxUploads = aws.Int32(-1)
	_, err := c.ListMultipartUploads(t.Context(), in)
	require.Equal(t, "InvalidArgument", code(err))
	_, err = c.ListMultipartUploads(t.Context(), &sdk.ListMultipartUploadsInput{Bucket: aws.String("elsewhere")})
	require.Equal(t, "NoSuchBucket", code(err))
}

// A bucket of the account's that is made again is no error in us-east-1 alone, and what a
// presigned request says of it is read too.
func TestBucketThatIsThere(t *testing.T) {
	_, c := start(t)
	put(t, c, "k", "kept")
	doing(t, c.CreateBucket, &sdk.CreateBucketInput{Bucket: archive})
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "kept", got)
	state := s3.New(s3.Config{Identity: wire.Identity{Region: "eu-west-1"}})
	handler := s3.Handler(state)
	for _, of := range []struct{ path, body, want string }{
		{"/there", "", ""},
		{"/there", "", "BucketAlreadyOwnedByYou"},
		{"/there?x-id=CreateBucket", "", "BucketAlreadyOwnedByYou"},
		{"/new?X-Amz-Signature=ab", "<CreateBucketConfiguration><LocationConstraint>eu-north-1</LocationConstraint></CreateBucketConfiguration>", "IllegalLocationConstraintException"},
	} {
		code, _ := putChunks(t, handler, of.path, of.body, nil)
		require.Equal(t, of.want, code, of.path)
	}
}

package s3_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// TestBucketPolicyDenies is with the policies that AWS's guide has for this: no object
// without encryption, none but over TLS, and a part of a bucket that nobody changes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
func TestBucketPolicyDenies(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	_, err := c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: archive, Policy: aws.String(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::archive/*","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}},
		{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":["arn:aws:s3:::archive","arn:aws:s3:::archive/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},
		{"Effect":"Deny","Principal":"*","Action":["s3:DeleteObject","s3:GetObject"],"Resource":"arn:aws:s3:::archive/held/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::archive","Condition":{"StringEquals":{"s3:prefix":"held/"}}}]}`)})
	require.NoError(t, err)
	write := func(key string, with types.ServerSideEncryption) error {
		_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: archive, Key: &key, Body: strings.NewReader("x"), ServerSideEncryption: with})
		return err
	}
	require.Equal(t, "AccessDenied", code(write("a", "")))
	require.ErrorContains(t, write("a", ""), "is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::archive/a with an explicit deny in a resource-based policy")
	require.NoError(t, write("a", types.ServerSideEncryptionAes256))
	require.NoError(t, write("held/a", types.ServerSideEncryptionAes256))
	_, err = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("held/a")})
	require.Equal(t, "AccessDenied", code(err))
	_, err = c.CopyObject(ctx, &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("b"), CopySource: aws.String("archive/held/a"), ServerSideEncryption: types.ServerSideEncryptionAes256})
	require.Equal(t, "AccessDenied", code(err))
	_, err = c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: aws.String("b")})
	require.Equal(t, "AccessDenied", code(err))
	_, err = c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: archive, Prefix: aws.String("held/")})
	require.Equal(t, "AccessDenied", code(err))
	list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: archive})
	require.NoError(t, err)
	require.Len(t, list.Contents, 2)
	many, err := c.DeleteObjects(ctx, &sdk.DeleteObjectsInput{Bucket: archive, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("a")}, {Key: aws.String("held/a")}}}})
	require.NoError(t, err)
	require.Len(t, many.Deleted, 1)
	require.Equal(t, "AccessDenied", *many.Errors[0].Code)

	_, err = c.DeleteBucketPolicy(ctx, &sdk.DeleteBucketPolicyInput{Bucket: archive})
	require.NoError(t, err)
	require.NoError(t, write("a", ""))
}

// A statement that cannot be judged is refused when it is put, with what of it.
func TestBucketPolicyRefused(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	statement := func(more string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::archive/*"` + more + `}]}`
	}
	for policy, message := range map[string]string{
		statement(`,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`): "the key aws:SourceIp is not implemented by Shakedown",
		statement(`,"Condition":{"NumericLessThan":{"s3:prefix":"7"}}`):       "the operator NumericLessThan is not implemented by Shakedown",
		strings.Replace(statement(""), "s3:GetObject", "sqs:SendMessage", 1):  "is none of s3",
		strings.Replace(statement(""), `"*"`, `{"AWS":"me"}`, 1):              "is not valid",
		`{"Version":"2012-10-17","Statement":[]}`:                             "Statement is neither",
		strings.Replace(statement(""), "archive/*", "${aws:username}/*", 1):   "the policy variable aws:username is not implemented",
	} {
		_, err := c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: archive, Policy: &policy})
		require.Equal(t, "MalformedPolicy", code(err), policy)
		require.ErrorContains(t, err, message)
	}
}

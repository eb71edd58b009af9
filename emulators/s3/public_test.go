package s3_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func TestPublicPoliciesAreBlocked(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	put := func(statement string) error {
		policy := `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::archive"},` + statement + `]}`
		_, err := c.PutBucketPolicy(ctx, &sdk.PutBucketPolicyInput{Bucket: archive, Policy: &policy})
		return err
	}
	allow := func(principal, condition string) string {
		return `{"Effect":"Allow",` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::archive/*"` + condition + `}`
	}
	public := []string{
		allow(`"Principal":"*"`, ""),
		allow(`"Principal":{"AWS":"*"}`, ""),
		allow(`"Principal":{"AWS":["111111111111","*"]}`, ""),
		allow(`"NotPrincipal":{"AWS":"111111111111"}`, ""),
		allow(`"Principal":"*"`, `,"Condition":{"StringLike":{"aws:SourceArn":"arn:aws:sns:*"}}`),
		allow(`"Principal":"*"`, `,"Condition":{"StringNotEquals":{"aws:SourceAccount":"111111111111"}}`),
		allow(`"Principal":"*"`, `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`),
	}
	for _, statement := range public {
		err := put(statement)
		require.Equal(t, "AccessDenied", code(err), statement)
		require.ErrorContains(t, err, `s3:PutBucketPolicy on resource: "arn:aws:s3:::archive" because public policies are prevented by the BlockPublicPolicy setting`)
	}
	_, err := c.GetBucketPolicy(ctx, &sdk.GetBucketPolicyInput{Bucket: archive})
	require.Equal(t, "NoSuchBucketPolicy", code(err))
	for _, statement := range []string{
		allow(`"Principal":{"AWS":"arn:aws:iam::111111111111:root"}`, ""),
		allow(`"Principal":{"Service":"sns.amazonaws.com"}`, ""),
		allow(`"Principal":"*"`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`),
		allow(`"Principal":"*"`, `,"Condition":{"StringEquals":{"AWS:PrincipalOrgID":["o-1","o-2"]}}`),
	} {
		require.NoError(t, put(statement), statement)
	}
	_, err = c.PutPublicAccessBlock(ctx, &sdk.PutPublicAccessBlockInput{Bucket: archive, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)}})
	require.NoError(t, err)
	require.NoError(t, put(public[0]))
	_, err = c.DeletePublicAccessBlock(ctx, &sdk.DeletePublicAccessBlockInput{Bucket: archive})
	require.NoError(t, err)
	require.NoError(t, put(public[1]))
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func TestAccessControlListsAreRefused(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	write := func(in sdk.PutObjectInput) string {
		in.Bucket, in.Key, in.Body = archive, aws.String("k"), strings.NewReader("x")
		_, err := c.PutObject(ctx, &in)
		return code(err)
	}
	everybody := aws.String(`uri="http://acs.amazonaws.com/groups/global/AllUsers"`)
	require.Empty(t, write(sdk.PutObjectInput{ACL: types.ObjectCannedACLBucketOwnerFullControl}))
	require.Equal(t, "AccessControlListNotSupported", write(sdk.PutObjectInput{ACL: types.ObjectCannedACLPrivate}))
	require.Equal(t, "AccessControlListNotSupported", write(sdk.PutObjectInput{GrantRead: everybody}))
	_, err := c.PutBucketAcl(ctx, &sdk.PutBucketAclInput{Bucket: archive, ACL: types.BucketCannedACLPrivate})
	require.Equal(t, "AccessControlListNotSupported", code(err))
	own := func(ownership types.ObjectOwnership) error {
		_, err := c.PutBucketOwnershipControls(ctx, &sdk.PutBucketOwnershipControlsInput{Bucket: archive, OwnershipControls: &types.OwnershipControls{
			Rules: []types.OwnershipControlsRule{{ObjectOwnership: ownership}}}})
		return err
	}
	require.NoError(t, own(types.ObjectOwnershipBucketOwnerPreferred))
	require.Empty(t, write(sdk.PutObjectInput{ACL: types.ObjectCannedACLPrivate}))
	require.Equal(t, "AccessDenied", write(sdk.PutObjectInput{ACL: types.ObjectCannedACLPublicRead}))
	require.Equal(t, "AccessDenied", write(sdk.PutObjectInput{GrantRead: everybody}))
	_, err = c.PutBucketAcl(ctx, &sdk.PutBucketAclInput{Bucket: archive, ACL: types.BucketCannedACLPublicRead})
	require.ErrorContains(t, err, `s3:PutBucketAcl on resource: "arn:aws:s3:::archive" because public ACLs are prevented by the BlockPublicAcls setting`)
	_, err = c.DeletePublicAccessBlock(ctx, &sdk.DeletePublicAccessBlockInput{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, "NotImplemented", write(sdk.PutObjectInput{ACL: types.ObjectCannedACLPublicRead}))
	_, err = c.PutBucketAcl(ctx, &sdk.PutBucketAclInput{Bucket: archive, ACL: types.BucketCannedACLPublicRead})
	require.Equal(t, "NotImplemented", code(err))
	_, err = c.CreateBucket(ctx, &sdk.CreateBucketInput{Bucket: aws.String("writers"), ObjectOwnership: types.ObjectOwnershipObjectWriter})
	require.ErrorContains(t, err, "x-amz-object-ownership: ObjectWriter is not implemented")
}

// A request is about one sub-resource; which of two would be chance.
func TestSubresourcesConflict(t *testing.T) {
	s, _ := start(t)
	do := func(target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s3.Handler(s).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
		return w
	}
	for range 10 {
		w := do("/archive?tagging&policy")
		require.Equal(t, http.StatusBadRequest, w.Code)
		require.Contains(t, w.Body.String(), "Conflicting query string parameters: policy, tagging")
	}
	require.Equal(t, http.StatusBadRequest, do("/archive/k?acl&tagging").Code)
}

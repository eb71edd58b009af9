package s3_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// AWS.md §5: S3: … checksums returned.
func TestChecksumsSHA(t *testing.T) {
	_, c := start(t)
	body := "hello"
	one, two := sha1.Sum([]byte(body)), sha256.Sum256([]byte(body))
	for algorithm, want := range map[types.ChecksumAlgorithm]string{
		types.ChecksumAlgorithmSha1:   base64.StdEncoding.EncodeToString(one[:]),
		types.ChecksumAlgorithmSha256: base64.StdEncoding.EncodeToString(two[:]),
	} {
		key := aws.String(string(algorithm))
		doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader(body), ChecksumAlgorithm: algorithm})
		head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, ChecksumMode: types.ChecksumModeEnabled})
		require.Equal(t, want, aws.ToString(head.ChecksumSHA1)+aws.ToString(head.ChecksumSHA256), algorithm)
	}
	wrong := base64.StdEncoding.EncodeToString(make([]byte, sha256.Size))
	_, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), Body: strings.NewReader(body), ChecksumSHA256: &wrong})
	require.Equal(t, "BadDigest", code(err))
	_, err = c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k")})
	require.Equal(t, "NotFound", code(err), "what arrived wrong is not stored")
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2.
func TestListStartsAfterAKeyAndEncodesKeys(t *testing.T) {
	_, c := start(t)
	for _, key := range []string{"a", "b c", "d/é&"} {
		put(t, c, key, "x")
	}
	list := doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive, StartAfter: aws.String("a"), EncodingType: types.EncodingTypeUrl})
	require.Equal(t, types.EncodingTypeUrl, list.EncodingType)
	require.Equal(t, "a", aws.ToString(list.StartAfter))
	require.Len(t, list.Contents, 2)
	require.Contains(t, []string{"b+c", "b%20c"}, *list.Contents[0].Key)
	require.Equal(t, "d/%C3%A9%26", *list.Contents[1].Key)
	plain := doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive, StartAfter: aws.String("b c")})
	require.Equal(t, "d/é&", *plain.Contents[0].Key)
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestDirectivesOfACopy(t *testing.T) {
	_, c := start(t)
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: aws.String("a"), Body: strings.NewReader("x"), Metadata: map[string]string{"unit": "celsius"}, Tagging: aws.String("fleet=north")})
	copied := func(to string, in sdk.CopyObjectInput) (map[string]string, []types.Tag) {
		in.Bucket, in.Key, in.CopySource = archive, &to, aws.String("archive/a")
		in.Metadata, in.Tagging = map[string]string{"unit": "kelvin"}, aws.String("fleet=south")
		doing(t, c.CopyObject, &in)
		return doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: &to}).Metadata,
			doing(t, c.GetObjectTagging, &sdk.GetObjectTaggingInput{Bucket: archive, Key: &to}).TagSet
	}
	meta, tags := copied("b", sdk.CopyObjectInput{})
	require.Equal(t, "celsius north", meta["unit"]+" "+*tags[0].Value)
	meta, tags = copied("c", sdk.CopyObjectInput{MetadataDirective: types.MetadataDirectiveReplace, TaggingDirective: types.TaggingDirectiveReplace})
	require.Equal(t, "kelvin south", meta["unit"]+" "+*tags[0].Value)
	_, err := c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("a"), CopySource: aws.String("archive/a")})
	require.Equal(t, "InvalidRequest", code(err), "onto itself without a change")
}

package s3_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash/crc32"
	"hash/crc64"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// The body of the objects of these tests, and what is known of it.
var (
	hello      = "hello"
	helloMD5   = aws.String(sum64(md5.New(), hello))
	helloETag  = aws.String(`"5d41402abc4b2a76b9719d911017c592"`)
	helloCRC32 = aws.String(sum64(crc32.NewIEEE(), hello))
	castagnoli = aws.String(sum64(crc32.New(crc32.MakeTable(crc32.Castagnoli)), hello))
	helloNVME  = aws.String(sum64(crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)), hello))
	helloSHA1  = aws.String(sum64(sha1.New(), hello))
	helloSHA2  = aws.String(sum64(sha256.New(), hello))
	long, next = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	other      = aws.String(`"00000000000000000000000000000000"`)
)

func sum64(h interface {
	Write([]byte) (int, error)
	Sum([]byte) []byte
}, body string) string {
	_, _ = h.Write([]byte(body)) // never fails
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func putHello(t *testing.T, c *sdk.Client, key string) {
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: &key, Body: strings.NewReader(hello)})
}

func actOnMembersOfObjects(t *testing.T, c *sdk.Client) {
	key, source := aws.String("members"), aws.String("archive/members")
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader(hello), ACL: types.ObjectCannedACLBucketOwnerFullControl,
		CacheControl: aws.String("no-store"), ContentDisposition: aws.String("inline"), ContentEncoding: aws.String("br"), ContentLanguage: aws.String("de"),
		ContentType: aws.String("text/plain"), Expires: &next, Metadata: map[string]string{"unit": "celsius"}, Tagging: aws.String("fleet=north"),
		ServerSideEncryption: types.ServerSideEncryptionAes256, StorageClass: types.StorageClassStandard, WebsiteRedirectLocation: aws.String("/elsewhere"),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, ContentMD5: helloMD5, ContentLength: aws.Int64(5), IfNoneMatch: aws.String("*")})
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: aws.String("sums"), Body: strings.NewReader(hello)})
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: aws.String("sums"), Body: strings.NewReader(hello), IfMatch: helloETag})
	for _, in := range []sdk.PutObjectInput{{ChecksumCRC32: helloCRC32}, {ChecksumCRC32C: castagnoli}, {ChecksumCRC64NVME: helloNVME}, {ChecksumSHA1: helloSHA1}, {ChecksumSHA256: helloSHA2}} {
		in.Bucket, in.Key, in.Body = archive, aws.String("sums"), strings.NewReader(hello)
		doing(t, c.PutObject, &in)
	}
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, ChecksumMode: types.ChecksumModeEnabled})
	require.Equal(t, []string{"no-store", "inline", "br", "de", "text/plain", "/elsewhere", *helloCRC32}, []string{*head.CacheControl, *head.ContentDisposition,
		*head.ContentEncoding, *head.ContentLanguage, *head.ContentType, *head.WebsiteRedirectLocation, *head.ChecksumCRC32})
	require.Equal(t, map[string]string{"unit": "celsius"}, head.Metadata)
	require.Equal(t, next.Format(time.RFC1123), strings.Replace(*head.ExpiresString, "GMT", "UTC", 1))

	copied := sdk.CopyObjectInput{Bucket: archive, Key: aws.String("members-copy"), CopySource: source, ACL: types.ObjectCannedACLBucketOwnerFullControl,
		CacheControl: aws.String("no-cache"), ContentDisposition: aws.String("attachment"), ContentEncoding: aws.String("gzip"), ContentLanguage: aws.String("en"),
		ContentType: aws.String("text/css"), Expires: &next, Metadata: map[string]string{"unit": "kelvin"}, MetadataDirective: types.MetadataDirectiveReplace,
		Tagging: aws.String("fleet=south"), TaggingDirective: types.TaggingDirectiveReplace, ServerSideEncryption: types.ServerSideEncryptionAes256,
		StorageClass: types.StorageClassStandard, WebsiteRedirectLocation: aws.String("/there"), ChecksumAlgorithm: types.ChecksumAlgorithmSha1,
		CopySourceIfMatch: helloETag, CopySourceIfUnmodifiedSince: &next}
	doing(t, c.CopyObject, &copied)
	doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: copied.Key, CopySource: source, CopySourceIfNoneMatch: other, CopySourceIfModifiedSince: &long})
	_, err := c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: copied.Key, CopySource: source, CopySourceIfNoneMatch: helloETag})
	require.Equal(t, "PreconditionFailed", code(err), "%v", err)
	for _, in := range []sdk.CopyObjectInput{{IfMatch: other}, {IfNoneMatch: aws.String("*")}} {
		in.Bucket, in.Key, in.CopySource = archive, copied.Key, source
		_, err := c.CopyObject(t.Context(), &in)
		require.Equal(t, "PreconditionFailed", code(err), "%v", err)
	}
	doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: copied.Key, CopySource: source, IfMatch: helloETag})
	doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: copied.Key, IfMatch: helloETag})
	doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: copied.Key, CopySource: source, IfNoneMatch: aws.String("*")})
}

func actOnMembersOfReads(t *testing.T, c *sdk.Client) {
	key := aws.String("read")
	putHello(t, c, *key)
	version := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key}).VersionId
	got := doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: key, VersionId: version, IfMatch: helloETag, IfUnmodifiedSince: &next, Range: aws.String("bytes=1-2"),
		ResponseCacheControl: aws.String("a"), ResponseContentDisposition: aws.String("b"), ResponseContentEncoding: aws.String("c"), ResponseContentLanguage: aws.String("d"),
		ResponseContentType: aws.String("e/f"), ResponseExpires: &next})
	require.Equal(t, []string{"a", "b", "c", "d", "e/f", "bytes 1-2/5"}, []string{*got.CacheControl, *got.ContentDisposition, *got.ContentEncoding, *got.ContentLanguage, *got.ContentType, *got.ContentRange})
	doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: key, IfNoneMatch: other, IfModifiedSince: &long, PartNumber: aws.Int32(1), ChecksumMode: types.ChecksumModeEnabled})
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, VersionId: version, IfMatch: helloETag, IfUnmodifiedSince: &next, Range: aws.String("bytes=1-2"),
		ResponseCacheControl: aws.String("a"), ResponseContentDisposition: aws.String("b"), ResponseContentEncoding: aws.String("c"), ResponseContentLanguage: aws.String("d"),
		ResponseContentType: aws.String("e/f"), ResponseExpires: &next})
	require.Equal(t, []string{"a", "b", "c", "d", "e/f"}, []string{*head.CacheControl, *head.ContentDisposition, *head.ContentEncoding, *head.ContentLanguage, *head.ContentType})
	require.EqualValues(t, 2, *head.ContentLength)
	_, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: key, Range: aws.String("bytes=9-")})
	require.ErrorContains(t, err, "416")
	doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, IfNoneMatch: other, IfModifiedSince: &long, PartNumber: aws.Int32(1)})
	all := []types.ObjectAttributes{types.ObjectAttributesEtag, types.ObjectAttributesChecksum, types.ObjectAttributesObjectSize}
	sized := doing(t, c.GetObjectAttributes, &sdk.GetObjectAttributesInput{Bucket: archive, Key: key, VersionId: version, ObjectAttributes: all, MaxParts: aws.Int32(1), PartNumberMarker: aws.String("0")})
	require.EqualValues(t, 5, *sized.ObjectSize)
	doing(t, c.GetObjectAcl, &sdk.GetObjectAclInput{Bucket: archive, Key: key, VersionId: version})
	tags := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}
	doing(t, c.PutObjectTagging, &sdk.PutObjectTaggingInput{Bucket: archive, Key: key, VersionId: version, Tagging: tags, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
	require.Len(t, doing(t, c.GetObjectTagging, &sdk.GetObjectTaggingInput{Bucket: archive, Key: key, VersionId: version}).TagSet, 1)
	doing(t, c.DeleteObjectTagging, &sdk.DeleteObjectTaggingInput{Bucket: archive, Key: key, VersionId: version})
	doing(t, c.DeleteObjects, &sdk.DeleteObjectsInput{Bucket: archive, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		Delete: &types.Delete{Quiet: aws.Bool(true), Objects: []types.ObjectIdentifier{{Key: aws.String("sums"), ETag: helloETag}, {Key: key, VersionId: version}}}})
	_, err = c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: key})
	require.ErrorContains(t, err, "404")
	putHello(t, c, *key)
	head = doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key})
	doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: key, IfMatchSize: aws.Int64(5), IfMatchLastModifiedTime: head.LastModified})
	doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: key, VersionId: head.VersionId})
}

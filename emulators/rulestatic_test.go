package emulators

import (
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// A rule whose key is the same for each message keeps the last one only.
//
// AWS.md §2: a static key overwrites.
func TestRulesOverwriteWhatHasAStaticKey(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		objects := s3sdk.NewFromConfig(c.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })
		_, err := objects.CreateBucket(c.ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		to := func(key string) iottypes.Action {
			return iottypes.Action{S3: &iottypes.S3Action{BucketName: aws.String("archive"), Key: &key, RoleArn: aws.String(rulesRole)}}
		}
		c.rule("R", `SELECT * FROM 'd/+'`, to("last"), to("each/${topic(2)}"))
		c.publish("d/a", `{"n":1}`)
		c.publish("d/b", `{"n":2}`)
		require.Empty(t, c.failures())
		list, err := objects.ListObjectsV2(c.ctx, &s3sdk.ListObjectsV2Input{Bucket: aws.String("archive")})
		require.NoError(t, err)
		var keys []string
		for _, o := range list.Contents {
			keys = append(keys, *o.Key)
		}
		require.Equal(t, []string{"each/a", "each/b", "last"}, keys)
		last, err := objects.GetObject(c.ctx, &s3sdk.GetObjectInput{Bucket: aws.String("archive"), Key: aws.String("last")})
		require.NoError(t, err)
		text, err := io.ReadAll(last.Body)
		require.NoError(t, err)
		require.Equal(t, `{"n":2}`, string(text))
	})
}

package readback

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// errNoSums says that a bucket's ETags prove nothing: those of objects that are
// encrypted with a key of KMS are not MD5 digests.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
var errNoSums = errors.New("it is not the MD5 digest of the object")

func readObjects(ctx context.Context, cfg aws.Config, bucket string, into Inventory) error {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			object := ledger.Object{Key: aws.ToString(o.Key)}
			sum, err := hex.DecodeString(strings.Trim(aws.ToString(o.ETag), `"`))
			if err != nil || copy(object.ETag[:], sum) != md5.Size {
				return fmt.Errorf("object %s: ETag %s: %w", object.Key, aws.ToString(o.ETag), errNoSums)
			}
			into.FoundObject(object)
		}
	}
	return nil
}

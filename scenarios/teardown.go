package scenarios

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
)

// teardownBound bounds how long a world takes to remove its stores.
const teardownBound = time.Minute

// teardown removes what the world made on a server elsewhere. What was never made
// is none of its business; what cannot be removed is named.
func (w *World) teardown() error {
	ctx, cancel := context.WithTimeout(fault.Exempt(context.Background()), teardownBound)
	defer cancel()
	c := w.Pipeline
	topics, queues := sns.NewFromConfig(w.AWS), sqs.NewFromConfig(w.AWS)
	var errs []error
	gone := func(what string, err error) {
		if err != nil && !notThere(err) {
			errs = append(errs, fmt.Errorf("left behind on %s: %s: %w", w.options.Backend.Endpoint, what, err))
		}
	}
	_, err := kinesis.NewFromConfig(w.AWS).DeleteStream(ctx, &kinesis.DeleteStreamInput{StreamName: &c.Stream})
	gone("stream "+c.Stream, err)
	_, err = dynamodb.NewFromConfig(w.AWS).DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &c.Table})
	gone("table "+c.Table, err)
	for _, name := range []string{c.AlertTopic, c.ErrorTopic} {
		arn := "arn:aws:sns:" + c.Region + ":" + c.Account + ":" + name
		_, err = topics.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: &arn})
		gone("topic "+name, err)
	}
	for _, name := range []string{c.DeadLetters, alertQueue(c)} {
		queue, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
		if err == nil {
			_, err = queues.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: queue.QueueUrl})
		}
		gone("queue "+name, err)
	}
	gone("bucket "+c.Bucket, w.emptyAndDelete(ctx, c.Bucket))
	return errors.Join(errs...)
}

// emptyAndDelete removes a bucket with its objects.
func (w *World) emptyAndDelete(ctx context.Context, bucket string) error {
	client := s3.NewFromConfig(w.AWS, func(o *s3.Options) { o.UsePathStyle = true })
	for {
		page, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket})
		if err != nil {
			return err
		}
		if len(page.Contents) == 0 {
			_, err = client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket})
			return err
		}
		var objects []s3types.ObjectIdentifier
		for _, o := range page.Contents {
			objects = append(objects, s3types.ObjectIdentifier{Key: o.Key})
		}
		done, err := client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &s3types.Delete{Objects: objects}})
		if err != nil {
			return err
		}
		if len(done.Errors) > 0 {
			return fmt.Errorf("object %s: %s", aws.ToString(done.Errors[0].Key), aws.ToString(done.Errors[0].Message))
		}
	}
}

// notThere tells the services' answers that there is nothing of that name.
func notThere(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "ResourceNotFoundException", "NoSuchBucket", "NotFound", "NotFoundException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist":
		return true
	}
	return false
}

package pipeline

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	tstypes "github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"

	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

// patience bounds the wait for a resource to become active.
const patience = 2 * time.Minute

// stores are the steps for everything that keeps data.
func (d *deployment) stores() []step {
	return []step{
		{"stream " + d.Stream, d.stream},
		{"table " + d.Table, d.table},
		{"bucket " + d.Bucket, d.bucket},
		{"database " + d.Database, d.database},
		{"table " + d.Database + "." + d.Telemetry, func(ctx context.Context) (bool, error) { return d.seriesTable(ctx, d.Telemetry) }},
		{"table " + d.Database + "." + d.Alerts, func(ctx context.Context) (bool, error) { return d.seriesTable(ctx, d.Alerts) }},
		{"topic " + d.AlertTopic, func(ctx context.Context) (bool, error) { return d.topic(ctx, d.AlertTopic) }},
		{"topic " + d.ErrorTopic, func(ctx context.Context) (bool, error) { return d.topic(ctx, d.ErrorTopic) }},
		{"queue " + d.DeadLetters, d.queue},
		{"subscription of " + d.DeadLetters, d.subscription},
	}
}

func (d *deployment) stream(ctx context.Context) (bool, error) {
	_, err := d.streams.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: &d.Stream, ShardCount: aws.Int32(int32(d.Shards))})
	created, err := unlessThere(err, "ResourceInUseException")
	if err != nil {
		return created, err
	}
	return created, kinesis.NewStreamExistsWaiter(d.streams).Wait(ctx, &kinesis.DescribeStreamInput{StreamName: &d.Stream}, patience)
}

func (d *deployment) table(ctx context.Context) (bool, error) {
	attribute := func(name string) ddbtypes.AttributeDefinition {
		return ddbtypes.AttributeDefinition{AttributeName: aws.String(name), AttributeType: ddbtypes.ScalarAttributeTypeS}
	}
	keys := func(hash, sort string) []ddbtypes.KeySchemaElement {
		return []ddbtypes.KeySchemaElement{
			{AttributeName: aws.String(hash), KeyType: ddbtypes.KeyTypeHash},
			{AttributeName: aws.String(sort), KeyType: ddbtypes.KeyTypeRange},
		}
	}
	_, err := d.items.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            &d.Table,
		BillingMode:          ddbtypes.BillingModePayPerRequest,
		AttributeDefinitions: []ddbtypes.AttributeDefinition{attribute("PK"), attribute("SK"), attribute("GSI1PK"), attribute("GSI1SK")},
		KeySchema:            keys("PK", "SK"),
		GlobalSecondaryIndexes: []ddbtypes.GlobalSecondaryIndex{{
			IndexName: aws.String(devices.StatusIndex), KeySchema: keys("GSI1PK", "GSI1SK"),
			Projection: &ddbtypes.Projection{ProjectionType: ddbtypes.ProjectionTypeAll},
		}},
	})
	created, err := unlessThere(err, "ResourceInUseException")
	if err != nil {
		return created, err
	}
	return created, dynamodb.NewTableExistsWaiter(d.items).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &d.Table}, patience)
}

func (d *deployment) bucket(ctx context.Context) (bool, error) {
	_, err := d.objects.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &d.Bucket})
	if err == nil {
		return false, nil
	}
	if !hasCode(err, "NotFound", "NoSuchBucket") {
		return false, err
	}
	in := &s3.CreateBucketInput{Bucket: &d.Bucket}
	if d.Region != "us-east-1" {
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(d.Region)}
	}
	_, err = d.objects.CreateBucket(ctx, in)
	return err == nil, err
}

func (d *deployment) database(ctx context.Context) (bool, error) {
	_, err := d.series.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: &d.Database})
	return unlessThere(err, "ConflictException")
}

func (d *deployment) seriesTable(ctx context.Context, name string) (bool, error) {
	_, err := d.series.CreateTable(ctx, &timestreamwrite.CreateTableInput{
		DatabaseName: &d.Database, TableName: &name,
		RetentionProperties: &tstypes.RetentionProperties{
			MemoryStoreRetentionPeriodInHours:  aws.Int64(d.MemoryRetentionHours),
			MagneticStoreRetentionPeriodInDays: aws.Int64(d.MagneticRetentionDays),
		},
	})
	return unlessThere(err, "ConflictException")
}

func (d *deployment) topic(ctx context.Context, name string) (bool, error) {
	arn := d.arn("sns", name)
	if name == d.AlertTopic {
		d.out.AlertTopicARN = arn
	}
	_, err := d.topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &arn})
	if err == nil {
		return false, nil
	}
	if !hasCode(err, "NotFound", "NotFoundException") {
		return false, err
	}
	_, err = d.topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name})
	return err == nil, err
}

func (d *deployment) queue(ctx context.Context) (bool, error) {
	there, err := d.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &d.DeadLetters})
	if err == nil {
		d.out.DeadLetterURL = aws.ToString(there.QueueUrl)
		return false, nil
	}
	if !hasCode(err, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist") {
		return false, err
	}
	made, err := d.queues.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: &d.DeadLetters,
		Attributes: map[string]string{
			string(sqstypes.QueueAttributeNameMessageRetentionPeriod): "1209600", // 14 days, the longest
			string(sqstypes.QueueAttributeNamePolicy):                 d.queuePolicy(),
		},
	})
	if err != nil {
		return false, err
	}
	d.out.DeadLetterURL = aws.ToString(made.QueueUrl)
	return true, nil
}

// queuePolicy lets the error topic send to the dead-letter queue.
func (d *deployment) queuePolicy() string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` +
		d.arn("sqs", d.DeadLetters) + `","Condition":{"ArnEquals":{"aws:SourceArn":"` + d.arn("sns", d.ErrorTopic) + `"}}}]}`
}

// subscription sends the error actions of rules to the dead-letter queue.
func (d *deployment) subscription(ctx context.Context) (bool, error) {
	topic, queue := d.arn("sns", d.ErrorTopic), d.arn("sqs", d.DeadLetters)
	there, err := d.topics.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if err != nil {
		return false, err
	}
	for _, s := range there.Subscriptions {
		if aws.ToString(s.Endpoint) == queue {
			return false, nil
		}
	}
	_, err = d.topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: &queue, Attributes: map[string]string{"RawMessageDelivery": "true"}})
	return err == nil, err
}

package features

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// registerCopies adds the steps for rules that copy telemetry to where the pipeline
// keeps nothing, and for the faults of those services.
func (s *Steps) registerCopies(sc *godog.ScenarioContext) {
	sc.Step(`^the rule "([^"]*)" copies telemetry to "([^"]*)" and what fails to the dead letters$`, s.ruleCopies)
	sc.Step(`^"([^"]*)" throttles "([^"]*)"$`, s.throttles)
	sc.Step(`^"([^"]*)" throttles no more, after (\d+) calls?$`, s.throttlesNoMore)
	s.then(sc, `^"([^"]*)" holds (\d+) cop(?:y|ies) of the rule "([^"]*)"$`, s.copiesHeld)
}

// copies are a service as the target of a rule that copies: all it makes has the name of
// the rule.
type copies struct {
	permission string
	make       func(ctx context.Context, cfg aws.Config, rule, role string) (iottypes.Action, error)
	count      func(ctx context.Context, cfg aws.Config, rule string) (int, error)
}

// copied are the services, by the name that targets of faults have.
var copied = map[string]copies{
	"firehose":   {"firehose:PutRecord", copyToFirehose, countObjects},
	"logs":       {"logs:PutLogEvents", copyToLogs, countEvents},
	"monitoring": {"cloudwatch:PutMetricData", copyToMetrics, countPoints},
}

func (s *Steps) ruleCopies(ctx context.Context, rule, service string) error {
	to, ok := copied[service]
	if !ok {
		return fmt.Errorf("no rule copies to %q", service)
	}
	actions := []string{"sns:Publish", to.permission, "logs:CreateLogStream", "logs:DescribeLogStreams"}
	role, err := roletest.Make(ctx, s.world.AWS, "rule-"+rule, "iot.amazonaws.com", actions...)
	if err != nil {
		return err
	}
	action, err := to.make(ctx, s.world.AWS, rule, role)
	if err != nil {
		return fmt.Errorf("rule %s: %w", rule, err)
	}
	topic := "arn:aws:sns:us-east-1:000000000000:" + s.world.Pipeline.ErrorTopic
	_, err = iot.NewFromConfig(s.world.AWS).CreateTopicRule(ctx, &iot.CreateTopicRuleInput{
		RuleName: &rule,
		TopicRulePayload: &iottypes.TopicRulePayload{
			Sql: aws.String("SELECT * FROM 'devices/+/telemetry'"), AwsIotSqlVersion: aws.String("2016-03-23"), Actions: []iottypes.Action{action},
			ErrorAction: &iottypes.Action{Sns: &iottypes.SnsAction{TargetArn: &topic, RoleArn: &role, MessageFormat: iottypes.MessageFormatRaw}},
		},
	})
	return err
}

func (s *Steps) copiesHeld(ctx context.Context, service string, n int, rule string) error {
	to, ok := copied[service]
	if !ok {
		return fmt.Errorf("no rule copies to %q", service)
	}
	held, err := to.count(ctx, s.world.AWS, rule)
	if err != nil {
		return err
	}
	return expect("copies of "+rule+" in "+service, held, n)
}

// throttled is the only fault that steps begin by themselves.
const throttled = 0

func (s *Steps) throttles(service, operation string) error {
	if s.world.Faults == nil {
		return errors.New("faults befall only a cloud of this process")
	}
	f := simfault.Fault{Kind: simfault.Throttle, Target: simfault.Target{Service: service, Operation: operation}}
	s.world.Faults.Begin(throttled, f)
	return nil
}

// throttlesNoMore ends it, and wants it to have befallen exactly so many calls.
func (s *Steps) throttlesNoMore(service string, calls int) error {
	s.world.Faults.End(throttled)
	return expect("calls of "+service+" that were throttled", s.world.Faults.Hits(throttled), calls)
}

func copyToFirehose(ctx context.Context, cfg aws.Config, rule, role string) (iottypes.Action, error) {
	if _, err := bucketsOf(cfg).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucketOf(rule))}); err != nil {
		return iottypes.Action{}, err
	}
	writer, err := roletest.Make(ctx, cfg, "stream-"+rule, "firehose.amazonaws.com", "s3:PutObject")
	if err != nil {
		return iottypes.Action{}, err
	}
	_, err = firehose.NewFromConfig(cfg).CreateDeliveryStream(ctx, &firehose.CreateDeliveryStreamInput{DeliveryStreamName: &rule,
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{
			BucketARN: aws.String("arn:aws:s3:::" + bucketOf(rule)), RoleARN: &writer,
			BufferingHints: &firehosetypes.BufferingHints{SizeInMBs: aws.Int32(1), IntervalInSeconds: aws.Int32(60)}}})
	return iottypes.Action{Firehose: &iottypes.FirehoseAction{DeliveryStreamName: &rule, RoleArn: &role, Separator: aws.String("\n")}}, err
}

func bucketOf(rule string) string { return "copies-of-" + rule }

func bucketsOf(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

// countObjects counts the lines of the objects.
func countObjects(ctx context.Context, cfg aws.Config, rule string) (int, error) {
	client, bucket := bucketsOf(cfg), bucketOf(rule)
	list, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket})
	if err != nil {
		return 0, err
	}
	lines := 0
	for _, o := range list.Contents {
		object, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: o.Key})
		if err != nil {
			return 0, err
		}
		body, err := io.ReadAll(object.Body)
		object.Body.Close()
		if err != nil {
			return 0, err
		}
		lines += bytes.Count(body, []byte("\n"))
	}
	return lines, nil
}

func copyToLogs(ctx context.Context, cfg aws.Config, rule, role string) (iottypes.Action, error) {
	_, err := cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &rule})
	return iottypes.Action{CloudwatchLogs: &iottypes.CloudwatchLogsAction{LogGroupName: &rule, RoleArn: &role}}, err
}

func countEvents(ctx context.Context, cfg aws.Config, rule string) (int, error) {
	found, err := cloudwatchlogs.NewFromConfig(cfg).FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &rule})
	if err != nil {
		return 0, err
	}
	return len(found.Events), nil
}

func copyToMetrics(_ context.Context, _ aws.Config, rule, role string) (iottypes.Action, error) {
	return iottypes.Action{CloudwatchMetric: &iottypes.CloudwatchMetricAction{MetricNamespace: &rule, MetricName: aws.String("temperature"),
		MetricUnit: aws.String("None"), MetricValue: aws.String("${data.temperature}"), RoleArn: &role}}, nil
}

// countPoints counts what was put in the last day.
func countPoints(ctx context.Context, cfg aws.Config, rule string) (int, error) {
	now := time.Now()
	found, err := cloudwatch.NewFromConfig(cfg).GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: &rule, MetricName: aws.String("temperature"), StartTime: aws.Time(now.Add(-23 * time.Hour)), EndTime: aws.Time(now.Add(time.Hour)),
		Period: aws.Int32(24 * 3600), Statistics: []cloudwatchtypes.Statistic{cloudwatchtypes.StatisticSampleCount}})
	if err != nil {
		return 0, err
	}
	count := 0
	for _, d := range found.Datapoints {
		count += int(*d.SampleCount)
	}
	return count, nil
}

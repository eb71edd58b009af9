package firehose_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/firehose"
)

const (
	functionARN = "arn:aws:lambda:us-east-1:000000000000:function:transform"
	failedLine  = `{"attemptsMade":%d,"arrivalTimestamp":%d,"errorCode":"%s","errorMessage":"%s","attemptEndingTimestamp":%d,"rawData":"%s","lambdaArn":"` + functionARN + `"}` + "\n"
	began       = 946684800000 // when a bubble begins, Unix ms
)

// transforming is a function in the types of github.com/aws/aws-lambda-go; the first
// calls may fail.
type transforming struct {
	mu     sync.Mutex
	start  time.Time
	errors []error // of the first calls; nil: the function fails
	do     func(events.KinesisFirehoseEvent) any
	calls  []string // when, and how many records
	room   int      // for what is buffered, in bytes; 0: as by default
}

func (f *transforming) InvokeSync(_ context.Context, function string, payload []byte) (firehose.Answer, error) {
	var e events.KinesisFirehoseEvent
	if err := json.Unmarshal(payload, &e); err != nil || function != functionARN {
		return firehose.Answer{}, fmt.Errorf("%s: %w", function, err)
	}
	if fails, err := f.note(len(e.Records)); err != nil {
		return firehose.Answer{}, err
	} else if fails {
		return firehose.Answer{FunctionError: "Unhandled", Payload: []byte(`{"errorMessage":"no"}`)}, nil
	}
	answer, err := json.Marshal(f.do(e))
	return firehose.Answer{Payload: answer}, err
}

// note keeps a call and tells how it fails: with an error, or as a function's.
func (f *transforming) note(records int) (fails bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf("%.0f %d", time.Since(f.start).Seconds(), records))
	if len(f.errors) == 0 {
		return false, nil
	}
	err, f.errors = f.errors[0], f.errors[1:]
	return true, err
}

// called are the calls so far.
func (f *transforming) called() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// failing lets the next calls fail.
func (f *transforming) failing(errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = errs
}

// byData answers Ok with the data in capitals, and does what is asked of it else.
func byData(e events.KinesisFirehoseEvent) any {
	var out events.KinesisFirehoseResponse
	for _, r := range e.Records {
		answer := events.KinesisFirehoseResponseRecord{RecordID: r.RecordID, Result: "Ok", Data: []byte(strings.ToUpper(string(r.Data)))}
		switch string(r.Data) {
		case "drop":
			answer.Result = "Dropped"
		case "fail":
			answer.Result = "ProcessingFailed"
		case "odd":
			answer.Result = "Fine"
		case "twice":
			out.Records = append(out.Records, answer)
		case "miss":
			answer.RecordID = "another"
		}
		out.Records = append(out.Records, answer)
	}
	return out
}

// lambda is a processor with more parameters, name by value.
func lambda(parameters ...string) func(*types.ExtendedS3DestinationConfiguration) {
	p := []types.ProcessorParameter{{ParameterName: "LambdaArn", ParameterValue: aws.String(functionARN)}}
	for i := 0; i < len(parameters); i += 2 {
		p = append(p, types.ProcessorParameter{ParameterName: types.ProcessorParameterName(parameters[i]), ParameterValue: &parameters[i+1]})
	}
	return func(d *types.ExtendedS3DestinationConfiguration) {
		d.ErrorOutputPrefix = aws.String("e/!{firehose:error-output-type}/")
		d.ProcessingConfiguration = &types.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []types.Processor{
			{Type: types.ProcessorTypeLambda, Parameters: p}, {Type: types.ProcessorTypeAppendDelimiterToRecord},
		}}
	}
}

// delimiter is what is to stand after each record.
func delimiter(text string) func(*types.ExtendedS3DestinationConfiguration) {
	return func(d *types.ExtendedS3DestinationConfiguration) {
		d.ProcessingConfiguration = delimited()
		d.ProcessingConfiguration.Processors[0].Parameters[0].ParameterValue = &text
	}
}

// transformed runs a State whose function is f.
func transformed(t *testing.T, b *bucket, f *transforming, do func(t *testing.T, c *sdk.Client)) {
	var s *firehose.State
	run(t, firehose.Config{Objects: b, Functions: f, MaxBytes: f.room}, func(t *testing.T, of *firehose.State) {
		s = of
		b.start, f.start = time.Now(), time.Now()
		do(t, client(s))
	})
	require.True(t, s.Idle())
}

// Each record comes back Ok, Dropped or ProcessingFailed; those that failed, or did not
// come back, go below ErrorOutputPrefix. Records wait a minute for the function.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
func TestAFunctionTransformsRecords(t *testing.T) {
	b, f := &bucket{}, &transforming{do: byData}
	transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, lambda()))
		for _, data := range []string{"a", "drop", "fail", "odd", "twice", "miss", "b"} {
			put(t, c, data)
		}
		time.Sleep(119 * time.Second)
		require.Equal(t, []string{"60 7"}, f.called())
		require.Empty(t, b.stored(), "the destination's interval begins when the function has answered")
		time.Sleep(2 * time.Second)
	})
	ok := strings.Join([]string{
		fmt.Sprintf(failedLine, 1, began, "Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record", began+60_000, "ZmFpbA=="),
		fmt.Sprintf(failedLine, 1, began, "Lambda.FunctionError", "The result status of a record must be one of Dropped, Ok, or ProcessingFailed.", began+60_000, "b2Rk"),
		fmt.Sprintf(failedLine, 1, began, "Lambda.DuplicatedRecordId", "Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record.", began+60_000, "dHdpY2U="),
		fmt.Sprintf(failedLine, 1, began, "Lambda.MissingRecordId", "One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.", began+60_000, "bWlzcw=="),
	}, "")
	require.Equal(t, []string{"120 2000/01/01/00/s-1-2000-01-01-00-00-00-ID A\nB\n", "120 e/processing-failed/s-1-2000-01-01-00-00-00-ID " + ok}, b.stored())
}

// An invocation that fails is tried three times more, and then its records have failed.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
func TestAFailedInvocationIsTriedAgain(t *testing.T) {
	b, f := &bucket{}, &transforming{do: byData, errors: []error{errors.New("reset"), nil, errors.New("reset")}}
	transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, lambda("BufferIntervalInSeconds", "0")))
		put(t, c, "a")
		time.Sleep(100 * time.Second)
		require.Equal(t, []string{"0 1", "5 1", "15 1", "35 1"}, f.called())
		require.Equal(t, []string{"95 2000/01/01/00/s-1-2000-01-01-00-00-00-ID A\n"}, b.stored())
		f.failing(nil, nil, nil, nil)
		put(t, c, "b")
		time.Sleep(100 * time.Second)
	})
	require.Equal(t, "195 e/processing-failed/s-1-2000-01-01-00-01-40-ID "+fmt.Sprintf(failedLine, 4, began+100_000,
		"Lambda.FunctionError", "The Lambda function was successfully invoked but it returned an error result.", began+135_000, "Yg=="), b.stored()[1])
}

// A function is called when it has its bytes, or many small records; and at the end.
func TestAFunctionsBufferHasASize(t *testing.T) {
	b, f := &bucket{}, &transforming{do: byData}
	transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, lambda("BufferSizeInMBs", "0.2", "NumberOfRetries", "0", "RoleArn", "arn:aws:iam::000000000000:role/firehose")))
		put(t, c, strings.Repeat("x", 209_714))
		time.Sleep(time.Second)
		require.Empty(t, f.called())
		put(t, c, "y")
		time.Sleep(time.Second)
		require.Equal(t, []string{"1 2"}, f.called())
		put(t, c, "last")
	})
	require.Equal(t, "2 1", f.called()[1])
	require.True(t, strings.HasSuffix(b.stored()[0], "Y\nLAST\n"))
}

// What failed goes where the rules say, also without ErrorOutputPrefix.
// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules
func TestFailedRecordsHaveAPrefix(t *testing.T) {
	for given, want := range map[[2]string]string{
		{"", ""}:     "processing-failed/2000/01/01/00/",
		{"p/", ""}:   "p/processing-failed/2000/01/01/00/",
		{"p/", "e/"}: "e/processing-failed/2000/01/01/00/",
		{"", "e/!{firehose:error-output-type}/!{timestamp:yyyy}/x-"}: "e/processing-failed/2000/x-",
	} {
		b, f := &bucket{}, &transforming{do: byData}
		transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
			require.NoError(t, create(t.Context(), c, func(d *types.ExtendedS3DestinationConfiguration) {
				lambda()(d)
				d.Prefix, d.ErrorOutputPrefix = aws.String(given[0]), aws.String(given[1])
			}))
			put(t, c, "fail")
		})
		require.Contains(t, b.stored()[0], "0 "+want+"s-1-", given)
	}
}

// A function that takes minutes holds up neither another stream nor deliveries.
func TestStreamsDoNotWaitForEachOther(t *testing.T) {
	b := &bucket{}
	f := &transforming{do: func(e events.KinesisFirehoseEvent) any {
		time.Sleep(2 * time.Minute)
		return byData(e)
	}}
	transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, lambda("BufferIntervalInSeconds", "0")))
		_, err := c.CreateDeliveryStream(t.Context(), &sdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("z"), S3DestinationConfiguration: &types.S3DestinationConfiguration{
			BucketARN: aws.String("arn:aws:s3:::archive"), RoleARN: aws.String("arn:aws:iam::000000000000:role/firehose"),
			BufferingHints: &types.BufferingHints{SizeInMBs: aws.Int32(1), IntervalInSeconds: aws.Int32(0)},
		}})
		require.NoError(t, err)
		put(t, c, "slow")
		time.Sleep(time.Second)
		_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{DeliveryStreamName: aws.String("z"), Record: &types.Record{Data: []byte("quick")}})
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.Equal(t, []string{"1 2000/01/01/00/z-1-2000-01-01-00-00-01-ID quick"}, b.stored())
		time.Sleep(4 * time.Minute)
	})
	require.Equal(t, "180 2000/01/01/00/s-1-2000-01-01-00-00-00-ID SLOW\n", b.stored()[1])
}

// A function that makes much of little is not called while its bucket takes nothing and
// buffers are full.
func TestFullBuffersHoldUpTheFunction(t *testing.T) {
	b := &bucket{fails: 6} // at 60, 65, 75 and 95 seconds for a, at 120 and 125 for b
	f := &transforming{room: 100, do: func(e events.KinesisFirehoseEvent) any {
		time.Sleep(time.Minute)
		return events.KinesisFirehoseResponse{Records: []events.KinesisFirehoseResponseRecord{
			{RecordID: e.Records[0].RecordID, Result: "Ok", Data: []byte(strings.Repeat(string(e.Records[0].Data), 89))},
		}}
	}}
	transformed(t, b, f, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, func(d *types.ExtendedS3DestinationConfiguration) {
			lambda("BufferIntervalInSeconds", "0")(d)
			d.BufferingHints = hints(1, 0)
		}))
		for _, data := range []string{"a", "b", "c"} {
			put(t, c, data)
			time.Sleep(time.Second)
		}
		time.Sleep(10 * time.Minute)
	})
	require.Equal(t, []string{"0 1", "60 1", "135 1"}, f.called())
	require.Len(t, b.stored(), 3)
}

func TestProcessorsThatAreRefused(t *testing.T) {
	c := client(firehose.New(firehose.Config{Objects: &bucket{}, Functions: &transforming{}}))
	for want, change := range map[string]func(*types.ExtendedS3DestinationConfiguration){
		`NumberOfRetries "-1" must be from 0 to 300`:   lambda("NumberOfRetries", "-1"),
		`BufferSizeInMBs "4" must be from 0.2 to 3`:    lambda("BufferSizeInMBs", "4"),
		`BufferIntervalInSeconds "901" must be from 0`: lambda("BufferIntervalInSeconds", "901"),
		`RoleArn "me" must be the ARN of a role`:       lambda("RoleArn", "me"),
		`LambdaArn "f" must be the ARN of a function`:  lambda("LambdaArn", "f"),
		"parameter Delimiter of Lambda":                lambda("Delimiter", "x"),
		"Only one processor of type Lambda": func(d *types.ExtendedS3DestinationConfiguration) {
			lambda()(d)
			d.ProcessingConfiguration.Processors[1] = d.ProcessingConfiguration.Processors[0]
		},
		"Delimiter has 1 to 5120 characters": delimiter(strings.Repeat("x", 5121)),
		"not all of them white space":        delimiter(" "),
		"processor Decompression": func(d *types.ExtendedS3DestinationConfiguration) {
			lambda()(d)
			d.ProcessingConfiguration.Processors[1].Type = types.ProcessorTypeDecompression
		},
	} {
		require.ErrorContains(t, create(t.Context(), c, change), want)
	}
	require.ErrorContains(t, create(t.Context(), client(firehose.New(firehose.Config{Objects: &bucket{}})), lambda()), "processor Lambda without functions")
	require.NoError(t, create(t.Context(), c, lambda("NumberOfRetries", "7")))
	got, err := c.DescribeDeliveryStream(t.Context(), &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String("s")})
	require.NoError(t, err)
	require.Equal(t, "7", *got.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription.ProcessingConfiguration.Processors[0].Parameters[1].ParameterValue)
}

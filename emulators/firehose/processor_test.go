package firehose_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/firehose"
)

// TestProcessorParameters has each name that AWS documents taken by a processor or refused
// by its name, whether processing is enabled or not.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
func TestProcessorParameters(t *testing.T) {
	values := map[types.ProcessorParameterName]string{
		"LambdaArn": functionARN, "RoleArn": "arn:aws:iam::000000000000:role/firehose", "NumberOfRetries": "5", "BufferSizeInMBs": "0.2", "BufferIntervalInSeconds": "60",
		"Delimiter": `\n`, "MetadataExtractionQuery": "{a:.a}", "JsonParsingEngine": "JQ-1.6", "SubRecordType": "JSON", "CompressionFormat": "GZIP", "DataMessageExtraction": "true",
		"shakedown-unknown": "x",
	}
	takes := map[types.ProcessorType][]types.ProcessorParameterName{
		"Lambda":                  {"LambdaArn", "RoleArn", "NumberOfRetries", "BufferSizeInMBs", "BufferIntervalInSeconds"},
		"AppendDelimiterToRecord": {"Delimiter"},
		"RecordDeAggregation":     nil, "Decompression": nil, "CloudWatchLogProcessing": nil, "MetadataExtraction": nil, "shakedown-unknown": nil,
	}
	for kind, names := range takes {
		for name, value := range values {
			for _, enabled := range []bool{true, false} {
				p := types.Processor{Type: kind, Parameters: []types.ProcessorParameter{{ParameterName: name, ParameterValue: &value}}}
				if kind == "Lambda" && name != "LambdaArn" {
					p.Parameters = append(p.Parameters, types.ProcessorParameter{ParameterName: "LambdaArn", ParameterValue: aws.String(functionARN)})
				}
				err := createWith(t, enabled, p)
				var bad *types.InvalidArgumentException
				switch {
				case names == nil:
					require.ErrorAs(t, err, &bad)
					require.ErrorContains(t, err, "processor "+string(kind))
				case slices.Contains(names, name):
					require.NoError(t, err, "%s %s", kind, name)
				default:
					require.ErrorAs(t, err, &bad)
					require.ErrorContains(t, err, "parameter "+string(name)+" of "+string(kind))
				}
			}
		}
	}
	twice := types.ProcessorParameter{ParameterName: "Delimiter", ParameterValue: aws.String(`\n`)}
	require.ErrorContains(t, createWith(t, true, types.Processor{Type: "AppendDelimiterToRecord", Parameters: []types.ProcessorParameter{twice, twice}}), `"Delimiter" is there twice`)
}

// createWith makes a stream with a processor in a cloud of its own.
func createWith(t *testing.T, enabled bool, p types.Processor) error {
	c := client(firehose.New(firehose.Config{Objects: &bucket{}, Functions: &transforming{}}))
	return create(t.Context(), c, func(d *types.ExtendedS3DestinationConfiguration) {
		d.ErrorOutputPrefix = aws.String("e/!{firehose:error-output-type}/")
		d.ProcessingConfiguration = &types.ProcessingConfiguration{Enabled: &enabled, Processors: []types.Processor{p}}
	})
}

package iotcore

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// failure is one failed action in the message to the error action.
type failure struct {
	FailedAction   string `json:"failedAction"`
	FailedResource string `json:"failedResource"`
	ErrorMessage   string `json:"errorMessage"`
}

// actionNames are what AWS calls the actions in error messages.
var actionNames = map[string]string{
	"kinesis": "KinesisAction", "lambda": "LambdaAction", "s3": "S3Action",
	"sns": "SnsAction", "republish": "RepublishAction", "sqs": "SqsAction", "http": "HttpAction",
	"dynamoDB": "DynamoAction", "dynamoDBv2": "DynamoDBv2Action", "timestream": "TimestreamAction",
	"cloudwatchLogs": "CloudwatchLogsAction", "cloudwatchMetric": "CloudwatchMetricAction", "firehose": "FirehoseAction",
}

func newFailure(kind string, o outcome, m *message, err error) failure {
	text := fmt.Sprintf("%s. Message arrived on: %s, Action: %s, Resource: %s", err, m.topic, kind, o.resource)
	if kind == "s3" {
		text += fmt.Sprintf(", Key: %q", o.made)
	}
	return failure{FailedAction: actionNames[kind], FailedResource: o.resource, ErrorMessage: text}
}

// errorMessage is what the error action gets.
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
func errorMessage(a *activation, failures []failure) []byte {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	m := a.message
	// Strings and structs of strings always encode.
	_ = encoder.Encode(struct {
		RuleName              string    `json:"ruleName"`
		Topic                 string    `json:"topic"`
		CloudwatchTraceID     string    `json:"cloudwatchTraceId"`
		ClientID              string    `json:"clientId"`
		Base64OriginalPayload string    `json:"base64OriginalPayload"`
		Failures              []failure `json:"failures"`
	}{a.rule.name, m.topic, m.trace, m.clientID, base64.StdEncoding.EncodeToString(m.payload), failures})
	return []byte(strings.TrimSuffix(text.String(), "\n"))
}

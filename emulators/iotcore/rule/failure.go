package rule

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
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

func newFailure(kind string, o action.Outcome, m *message.Message, err error) failure {
	text := fmt.Sprintf("%s. Message arrived on: %s, Action: %s, Resource: %s", err, m.Topic, kind, o.Resource)
	if kind == "s3" {
		text += fmt.Sprintf(", Key: %q", o.Made)
	}
	return failure{FailedAction: actionNames[kind], FailedResource: o.Resource, ErrorMessage: text}
}

// errorMessage is what the error action gets.
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
func errorMessage(a *action.Firing, failures []failure) []byte {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	m := a.Message
	// Strings and structs of strings always encode.
	_ = encoder.Encode(struct {
		RuleName              string    `json:"ruleName"`
		Topic                 string    `json:"topic"`
		CloudwatchTraceID     string    `json:"cloudwatchTraceId"`
		ClientID              string    `json:"clientId"`
		Base64OriginalPayload string    `json:"base64OriginalPayload"`
		Failures              []failure `json:"failures"`
	}{a.Rule.Name, m.Topic, m.Trace, m.ClientID, base64.StdEncoding.EncodeToString(m.Payload), failures})
	return []byte(strings.TrimSuffix(text.String(), "\n"))
}

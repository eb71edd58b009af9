package sqs_test

import (
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/sqs"
)

// older speaks the query protocol, as clients did before November 2023: boto3 to 1.28, the
// SDK for Java 1 and version 1 of the CLI then.
type older struct {
	t       *testing.T
	handler http.Handler
}

// call posts a form, of names and values in turn, and reads the answer into out.
func (o older) call(path, action string, out any, pairs ...string) int {
	o.t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2012-11-05"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	require.Equal(o.t, "text/xml", w.Header().Get("Content-Type"))
	require.NoError(o.t, xml.Unmarshal(w.Body.Bytes(), out), w.Body.String())
	return w.Code
}

type queryMessage struct {
	MessageId, ReceiptHandle, MD5OfBody, Body, MD5OfMessageAttributes string
	Attribute                                                         []struct{ Name, Value string }
	MessageAttribute                                                  []struct {
		Name        string
		DataType    string `xml:"Value>DataType"`
		StringValue string `xml:"Value>StringValue"`
		BinaryValue string `xml:"Value>BinaryValue"`
	}
}

// The forms and answers are those of the examples of the API reference.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func TestQueryProtocol(t *testing.T) {
	o := older{t, sqs.Handler(sqs.New(sqs.Config{}))}
	var made struct {
		XMLName  xml.Name `xml:"http://queue.amazonaws.com/doc/2012-11-05/ CreateQueueResponse"`
		QueueUrl string   `xml:"CreateQueueResult>QueueUrl"`
		ID       string   `xml:"ResponseMetadata>RequestId"`
	}
	require.Equal(t, http.StatusOK, o.call("/", "CreateQueue", &made, "QueueName", "q", "Attribute.1.Name", "VisibilityTimeout", "Attribute.1.Value", "40",
		"Attribute.2.Name", "DelaySeconds", "Attribute.2.Value", "0", "Tag.1.Key", "team", "Tag.1.Value", "a<b"))
	require.Contains(t, made.QueueUrl, "/000000000000/q")
	require.NotEmpty(t, made.ID)

	var sent struct {
		MessageId              string `xml:"SendMessageResult>MessageId"`
		MD5OfMessageAttributes string `xml:"SendMessageResult>MD5OfMessageAttributes"`
	}
	o.call("/000000000000/q", "SendMessage", &sent, "MessageBody", "hello & <bye>", "MessageAttribute.1.Name", "n", "MessageAttribute.1.Value.DataType", "Number",
		"MessageAttribute.1.Value.StringValue", "7", "MessageAttribute.2.Name", "b", "MessageAttribute.2.Value.DataType", "Binary",
		"MessageAttribute.2.Value.BinaryValue", base64.StdEncoding.EncodeToString([]byte{1, 2}))
	require.NotEmpty(t, sent.MessageId)

	var got struct {
		Messages []queryMessage `xml:"ReceiveMessageResult>Message"`
	}
	o.call("/", "ReceiveMessage", &got, "QueueUrl", made.QueueUrl, "MaxNumberOfMessages", "10", "AttributeName.1", "ApproximateReceiveCount", "MessageAttributeName.1", "All")
	require.Len(t, got.Messages, 1)
	m := got.Messages[0]
	require.Equal(t, "hello & <bye>", m.Body)
	require.Equal(t, sent.MessageId, m.MessageId)
	require.Equal(t, sent.MD5OfMessageAttributes, m.MD5OfMessageAttributes)
	require.Equal(t, []struct{ Name, Value string }{{"ApproximateReceiveCount", "1"}}, m.Attribute)
	require.Len(t, m.MessageAttribute, 2)
	require.Equal(t, "AQI=", m.MessageAttribute[0].BinaryValue)
	require.Equal(t, "7", m.MessageAttribute[1].StringValue)

	var empty struct{}
	require.Equal(t, http.StatusOK, o.call("/", "DeleteMessage", &empty, "QueueUrl", made.QueueUrl, "ReceiptHandle", m.ReceiptHandle))

	var batch struct {
		Sent   []struct{ Id, MessageId string } `xml:"SendMessageBatchResult>SendMessageBatchResultEntry"`
		Failed []struct{ Id, Code string }      `xml:"SendMessageBatchResult>BatchResultErrorEntry"`
	}
	o.call("/", "SendMessageBatch", &batch, "QueueUrl", made.QueueUrl, "SendMessageBatchRequestEntry.1.Id", "a", "SendMessageBatchRequestEntry.1.MessageBody", "1",
		"SendMessageBatchRequestEntry.2.Id", "b", "SendMessageBatchRequestEntry.2.MessageBody", "2", "SendMessageBatchRequestEntry.2.DelaySeconds", "901")
	require.Len(t, batch.Sent, 1)
	require.Equal(t, "a", batch.Sent[0].Id)
	require.Equal(t, []struct{ Id, Code string }{{"b", "InvalidParameterValue"}}, batch.Failed)

	var attributes struct {
		Attribute []struct{ Name, Value string } `xml:"GetQueueAttributesResult>Attribute"`
	}
	o.call("/", "GetQueueAttributes", &attributes, "QueueUrl", made.QueueUrl, "AttributeName.1", "VisibilityTimeout", "AttributeName.2", "QueueArn")
	require.Equal(t, []struct{ Name, Value string }{{"QueueArn", "arn:aws:sqs:us-east-1:000000000000:q"}, {"VisibilityTimeout", "40"}}, attributes.Attribute)

	var list struct {
		URL []string `xml:"ListQueuesResult>QueueUrl"`
	}
	o.call("/", "ListQueues", &list)
	require.Equal(t, []string{made.QueueUrl}, list.URL)
	var tags struct {
		Tag []struct{ Key, Value string } `xml:"ListQueueTagsResult>Tag"`
	}
	o.call("/", "ListQueueTags", &tags, "QueueUrl", made.QueueUrl)
	require.Equal(t, []struct{ Key, Value string }{{"team", "a<b"}}, tags.Tag)
	require.Equal(t, http.StatusOK, o.call("/", "UntagQueue", &empty, "QueueUrl", made.QueueUrl, "TagKey.1", "team"))
	require.Equal(t, http.StatusOK, o.call("/", "AddPermission", &empty, "QueueUrl", made.QueueUrl, "Label", "l", "AWSAccountId.1", "111122223333", "ActionName.1", "SendMessage"))
}

// Errors have the codes that those clients know.
func TestErrorsOfTheQueryProtocol(t *testing.T) {
	o := older{t, sqs.Handler(sqs.New(sqs.Config{}))}
	type failure struct {
		Type string `xml:"Error>Type"`
		Code string `xml:"Error>Code"`
	}
	for want, call := range map[string][]string{
		"AWS.SimpleQueueService.NonExistentQueue":  {"GetQueueUrl", "QueueName", "none"},
		"AWS.SimpleQueueService.EmptyBatchRequest": {"SendMessageBatch", "QueueUrl", "q"},
		"InvalidParameterValue":                    {"ListQueues", "Colour", "red"},
		"MissingParameter":                         {"ChangeMessageVisibility", "QueueUrl", "q", "ReceiptHandle", "r"},
		"MalformedInput":                           {"ReceiveMessage", "QueueUrl", "q", "WaitTimeSeconds", "long"},
	} {
		var f failure
		status := o.call("/", call[0], &f, call[1:]...)
		require.GreaterOrEqual(t, status, 400, want)
		require.Equal(t, failure{"Sender", want}, f)
	}
}

package fault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// publisher answers PublishBatch, which the embedded cloud has not.
type publisher struct{ got map[string]string }

func (p publisher) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	w.WriteString(`<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful>`)
	for n := 1; ; n++ {
		entry := "PublishBatchRequestEntries.member." + strconv.Itoa(n)
		if !form.Has(entry + ".Id") {
			break
		}
		p.got[form.Get(entry+".Id")] = form.Get(entry+".Message") + " " + form.Get(entry+".MessageAttributes.entry.1.Value.StringValue")
		w.WriteString(`<member><Id>` + form.Get(entry+".Id") + `</Id><MessageId>m</MessageId></member>`)
	}
	w.WriteString(`</Successful></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>`)
	if int64(len(body)) != r.ContentLength {
		w.Code = http.StatusBadRequest
	}
	return w.Result(), nil
}

func TestPartialPublishBatch(t *testing.T) {
	injector, cloud := fault.New(seed), publisher{map[string]string{}}
	topics := sns.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), HTTPClient: injector.Wrap(cloud),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	})
	in := &sns.PublishBatchInput{TopicArn: aws.String("arn:aws:sns:us-east-1:000000000000:t")}
	for n := range 10 {
		in.PublishBatchRequestEntries = append(in.PublishBatchRequestEntries, snstypes.PublishBatchRequestEntry{
			Id: aws.String(strconv.Itoa(n)), Message: aws.String("text & <" + strconv.Itoa(n) + ">"),
			MessageAttributes: map[string]snstypes.MessageAttributeValue{"a": {DataType: aws.String("String"), StringValue: aws.String("v" + strconv.Itoa(n))}},
		})
	}
	f := simfault.Fault{Kind: simfault.PartialBatchFailure, Target: simfault.Target{Service: "sns"}, Parameters: simfault.Parameters{Rate: 0.5}}
	injector.Begin(3, f)
	out, err := topics.PublishBatch(t.Context(), in)
	require.NoError(t, err)
	require.NotEmpty(t, out.Failed)
	require.NotEmpty(t, out.Successful)
	require.Len(t, cloud.got, len(out.Successful))
	require.Len(t, in.PublishBatchRequestEntries, len(out.Failed)+len(out.Successful))
	for _, entry := range out.Failed {
		require.NotContains(t, cloud.got, *entry.Id)
		require.Equal(t, "InternalError", *entry.Code)
		require.False(t, entry.SenderFault)
	}
	for id, content := range cloud.got {
		require.Equal(t, "text & <"+id+"> v"+id, content)
	}
	f.Rate = 0
	injector.Begin(3, f)
	clear(cloud.got)
	out, err = topics.PublishBatch(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, out.Failed, 10)
	require.Empty(t, cloud.got)
	require.Equal(t, 2, injector.Hits(3))
	require.True(t, strings.HasPrefix(*out.Failed[0].Message, "Internal"))
}

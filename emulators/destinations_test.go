package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// confirmation is the message that asks a web server whether it wants to be a
// destination.
type confirmation struct {
	ARN         string `json:"arn"`
	Token       string `json:"confirmationToken"`
	EnableURL   string `json:"enableUrl"`
	MessageType string `json:"messageType"`
}

// enable confirms what a site was asked last, and enables it.
func (c *ruled) enable(web *site) {
	c.t.Helper()
	web.mu.Lock()
	last := web.asked[len(web.asked)-1]
	web.mu.Unlock()
	_, err := c.rules.ConfirmTopicRuleDestination(c.ctx, &iot.ConfirmTopicRuleDestinationInput{ConfirmationToken: &last.Token})
	require.NoError(c.t, err)
	require.NoError(c.t, c.turn(last.ARN, iottypes.TopicRuleDestinationStatusEnabled))
}

func (c *ruled) turn(arn string, status iottypes.TopicRuleDestinationStatus) error {
	_, err := c.rules.UpdateTopicRuleDestination(c.ctx, &iot.UpdateTopicRuleDestinationInput{Arn: &arn, Status: status})
	return err
}

func (c *ruled) destination(arn string) *iottypes.TopicRuleDestination {
	c.t.Helper()
	out, err := c.rules.GetTopicRuleDestination(c.ctx, &iot.GetTopicRuleDestinationInput{Arn: &arn})
	require.NoError(c.t, err)
	return out.TopicRuleDestination
}

func destinationAt(url string) *iot.CreateTopicRuleDestinationInput {
	return &iot.CreateTopicRuleDestinationInput{DestinationConfiguration: &iottypes.TopicRuleDestinationConfiguration{
		HttpUrlConfiguration: &iottypes.HttpUrlDestinationConfiguration{ConfirmationUrl: &url},
	}}
}

// requireCode wants the error of a service, by its code and a part of its text.
var requireCode = operationtest.RequireCode

// A web server confirms by the link of the message, as documented, while the request
// that asks it is still under way; then a rule reaches it.
// https://docs.aws.amazon.com/iot/latest/developerguide/http-action-destination.html
func TestAWebServerConfirmsADestination(t *testing.T) {
	messages, events := make(chan string, 10), make(chan event.Event, 100)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var asked confirmation
		if json.Unmarshal(body, &asked) == nil && asked.MessageType != "" {
			messages <- r.URL.Path + " " + r.URL.Query().Get("confirmationToken") + " " + r.Header.Get("X-Amz-Rules-Engine-Destination-Arn") + " " + r.Header.Get("Content-Type")
			messages <- asked.Token + " " + asked.ARN
			answer, err := browser.Get(asked.EnableURL)
			if err != nil {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			defer answer.Body.Close()
			w.WriteHeader(answer.StatusCode)
			return
		}
		messages <- r.URL.Path + " " + string(body)
	}))
	defer hook.Close()
	var cloud *Cloud
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { cloud.ServeHTTP(w, r) }))
	defer endpoint.Close()
	cloud, err := New(Config{Endpoint: endpoint.URL, Web: hook.Client(), IoT: func(e event.Event) { events <- e }})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- cloud.Run(ctx) }()
	defer func() { stop(); require.NoError(t, <-done) }()
	c := &ruled{Cloud: cloud, t: t, ctx: ctx, rules: iot.NewFromConfig(cloud.AWSConfig())}

	url := hook.URL + "/iot"
	made, err := c.rules.CreateTopicRuleDestination(ctx, destinationAt(url))
	require.NoError(t, err)
	d := made.TopicRuleDestination
	require.Equal(t, iottypes.TopicRuleDestinationStatusInProgress, d.Status)
	require.Regexp(t, `^Awaiting confirmation. Confirmation message sent on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z; no response received from the endpoint.$`, *d.StatusReason)
	require.Regexp(t, `^arn:aws:iot:us-east-1:\d{12}:ruledestination/http/[0-9a-f-]{36}$`, *d.Arn)
	require.Equal(t, url, *d.HttpUrlProperties.ConfirmationUrl)
	request, body := <-messages, <-messages
	token := body[:len(body)-len(*d.Arn)-1]
	require.Equal(t, token+" "+*d.Arn, body)
	require.Equal(t, "/iot/ "+token+" "+*d.Arn+" application/json", request)
	require.Equal(t, iottypes.TopicRuleDestinationStatusDisabled, c.destination(*d.Arn).Status, "confirmed, and to be enabled")
	require.NoError(t, c.turn(*d.Arn, iottypes.TopicRuleDestinationStatusEnabled))

	c.rule("R", `SELECT * FROM 'd/+'`, iottypes.Action{Http: &iottypes.HttpAction{Url: aws.String(url + "/data?x=1"), ConfirmationUrl: &url}})
	data := iotdataplane.NewFromConfig(cloud.AWSConfig())
	_, err = data.Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("d/a"), Payload: []byte(`{"v":1}`)})
	require.NoError(t, err)
	require.Equal(t, `/iot/data {"v":1}`, <-messages)
	for e := range events {
		require.NotEqual(t, event.ActionFailed, e.Kind, e.Reason)
		if e.Kind == event.ActionDone {
			break
		}
	}
}

// A rule makes its destination; what it sends before that is ENABLED fails into its
// error action, which is told why.
func TestARuleWaitsForItsDestination(t *testing.T) {
	web := &site{}
	withRules(t, web, func(t *testing.T, c *ruled) {
		c.rule("R", `SELECT * FROM 'd/+'`, iottypes.Action{Http: &iottypes.HttpAction{Url: aws.String("http://127.0.0.1:8080/in")}})
		c.rule("Same", `SELECT * FROM 'e/+'`, iottypes.Action{Http: &iottypes.HttpAction{Url: aws.String("http://127.0.0.1:8080/in/${topic(2)}"), ConfirmationUrl: aws.String("http://127.0.0.1:8080/in")}})
		require.Len(t, web.asked, 1, "one destination for both")
		list, err := c.rules.ListTopicRuleDestinations(c.ctx, &iot.ListTopicRuleDestinationsInput{})
		require.NoError(t, err)
		require.Len(t, list.DestinationSummaries, 1)
		require.Equal(t, "http://127.0.0.1:8080/in", *list.DestinationSummaries[0].HttpUrlSummary.ConfirmationUrl)
		require.Contains(t, *list.DestinationSummaries[0].StatusReason, "the endpoint answered 202 Accepted.")
		arn := *list.DestinationSummaries[0].Arn
		c.publish("d/a", `1`)
		c.enable(web)
		c.publish("d/a", `2`)
		require.NoError(t, c.turn(arn, iottypes.TopicRuleDestinationStatusDisabled))
		c.publish("e/a", `3`)
		require.NoError(t, c.turn(arn, iottypes.TopicRuleDestinationStatusEnabled))
		c.publish("e/a", `4`)
		_, err = c.rules.DeleteTopicRuleDestination(c.ctx, &iot.DeleteTopicRuleDestinationInput{Arn: &arn})
		require.NoError(t, err)
		c.publish("d/a", `5`)
		require.Equal(t, []string{"http://127.0.0.1:8080/in application/json  2", "http://127.0.0.1:8080/in/a application/json  4"}, web.got)
		require.Equal(t, []string{
			"the topic rule destination for http://127.0.0.1:8080/in is not ENABLED but IN_PROGRESS",
			"the topic rule destination for http://127.0.0.1:8080/in is not ENABLED but DISABLED",
			"there is no topic rule destination for http://127.0.0.1:8080/in",
		}, c.failures())
		_, err = c.rules.GetTopicRuleDestination(c.ctx, &iot.GetTopicRuleDestinationInput{Arn: &arn})
		requireCode(t, err, "UnauthorizedException", arn)
	})
}

// A confirmationUrl that is made of the message needs a destination that is there.
func TestAConfirmationURLMayBeATemplate(t *testing.T) {
	web := &site{}
	withRules(t, web, func(t *testing.T, c *ruled) {
		c.rule("R", `SELECT * FROM 'd/+'`, iottypes.Action{Http: &iottypes.HttpAction{
			Url: aws.String("http://127.0.0.1:8080/${topic(2)}/x"), ConfirmationUrl: aws.String("http://127.0.0.1:8080/${topic(2)}"),
		}})
		require.Empty(t, web.asked)
		_, err := c.rules.CreateTopicRuleDestination(c.ctx, destinationAt("http://127.0.0.1:8080/a"))
		require.NoError(t, err)
		c.enable(web)
		c.publish("d/a", `1`)
		c.publish("d/b", `2`)
		require.Equal(t, []string{"http://127.0.0.1:8080/a/x application/json  1"}, web.got)
		require.Equal(t, []string{"there is no topic rule destination for http://127.0.0.1:8080/b"}, c.failures())
	})
}

// A token is good for three days, and for the last message only.
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-destination.html
func TestConfirmationsExpire(t *testing.T) {
	web := &site{}
	withRules(t, web, func(t *testing.T, c *ruled) {
		made, err := c.rules.CreateTopicRuleDestination(c.ctx, destinationAt("http://127.0.0.1:8080"))
		require.NoError(t, err)
		arn := *made.TopicRuleDestination.Arn
		confirm := func(token string) error {
			_, err := c.rules.ConfirmTopicRuleDestination(c.ctx, &iot.ConfirmTopicRuleDestinationInput{ConfirmationToken: &token})
			return err
		}
		requireCode(t, c.turn(arn, "ENABLED"), "InvalidRequestException", "becomes ENABLED from DISABLED")
		time.Sleep(3*24*time.Hour + time.Second)
		require.Equal(t, iottypes.TopicRuleDestinationStatusError, c.destination(arn).Status)
		require.Contains(t, *c.destination(arn).StatusReason, "Confirmation timed out")
		requireCode(t, confirm(web.asked[0].Token), "InvalidRequestException", "Confirmation timed out")
		require.NoError(t, c.turn(arn, "IN_PROGRESS"))
		require.Len(t, web.asked, 2)
		requireCode(t, confirm(web.asked[0].Token), "InvalidRequestException", "not of its last message")
		require.NoError(t, confirm(web.asked[1].Token))
		require.NoError(t, confirm(web.asked[1].Token), "a link may be followed twice")
		require.Nil(t, c.destination(arn).StatusReason)
		requireCode(t, c.turn(arn, "ERROR"), "InvalidRequestException", `status "ERROR"`)
		web.mu.Lock()
		web.down = errors.New("connection refused")
		web.mu.Unlock()
		require.NoError(t, c.turn(arn, "IN_PROGRESS"))
		require.Equal(t, iottypes.TopicRuleDestinationStatusError, c.destination(arn).Status)
		require.Contains(t, *c.destination(arn).StatusReason, "did not reach the endpoint: connection refused")
	})
}

// What is no destination here is refused, by name.
func TestDestinationsRefused(t *testing.T) {
	web := &site{}
	withRules(t, web, func(t *testing.T, c *ruled) {
		_, err := c.rules.CreateTopicRuleDestination(c.ctx, &iot.CreateTopicRuleDestinationInput{DestinationConfiguration: &iottypes.TopicRuleDestinationConfiguration{
			VpcConfiguration: &iottypes.VpcDestinationConfiguration{RoleArn: aws.String(rulesRole), SubnetIds: []string{"s"}, VpcId: aws.String("v")},
		}})
		requireCode(t, err, "InvalidRequestException", "vpcConfiguration")
		for _, url := range []string{"", "ftp://127.0.0.1", "http://user@127.0.0.1", "127.0.0.1:80"} {
			_, err := c.rules.CreateTopicRuleDestination(c.ctx, destinationAt(url))
			requireCode(t, err, "InvalidRequestException", "is not the URL of a web server")
		}
		_, err = c.rules.CreateTopicRuleDestination(c.ctx, destinationAt("http://127.0.0.1"))
		require.NoError(t, err)
		_, err = c.rules.CreateTopicRuleDestination(c.ctx, destinationAt("http://127.0.0.1"))
		requireCode(t, err, "ResourceAlreadyExistsException", "http://127.0.0.1")
		require.Len(t, web.asked, 1)
	})
	withRules(t, nil, func(t *testing.T, c *ruled) {
		_, err := c.rules.CreateTopicRuleDestination(c.ctx, destinationAt("http://127.0.0.1"))
		requireCode(t, err, "InvalidRequestException", "calls no web servers")
	})
}

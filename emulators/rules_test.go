package emulators

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dynamosdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

const rulesRole = "arn:aws:iam::000000000000:role/rules"

// site is a web server that answers with one status after the other, then 200. What it
// is asked to confirm it keeps apart.
type site struct {
	mu       sync.Mutex
	statuses []int
	got      []string
	asked    []confirmation
	down     error // of every call, if it is set
}

func (s *site) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return nil, s.down
	}
	if r.Header.Get("X-Amz-Rules-Engine-Message-Type") == "DestinationConfirmation" {
		s.asked = append(s.asked, confirmation{})
		err := json.Unmarshal(body, &s.asked[len(s.asked)-1])
		return &http.Response{StatusCode: 202, Status: "202 Accepted", Body: io.NopCloser(strings.NewReader("ok"))}, err
	}
	s.got = append(s.got, r.URL.String()+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Device")+" "+string(body))
	status := 200
	if len(s.statuses) > 0 {
		status, s.statuses = s.statuses[0], s.statuses[1:]
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(strings.NewReader("ok"))}, nil
}

// ruled is a running cloud whose rules are made and fired through its APIs.
type ruled struct {
	*Cloud
	t      *testing.T
	ctx    context.Context
	rules  *iot.Client
	data   *iotdataplane.Client
	items  *dynamosdk.Client
	mu     sync.Mutex
	events []event.Event
}

func withRules(t *testing.T, web *site, run func(t *testing.T, c *ruled)) {
	synctest.Test(t, func(t *testing.T) {
		c := &ruled{t: t}
		config := Config{IoT: func(e event.Event) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.events = append(c.events, e)
		}}
		if web != nil {
			config.Web = web
		}
		cloud, err := New(config)
		require.NoError(t, err)
		c.Cloud = cloud
		cfg := cloud.AWSConfig()
		c.rules, c.data, c.items = iot.NewFromConfig(cfg), iotdataplane.NewFromConfig(cfg), dynamosdk.NewFromConfig(cfg)
		ctx, stop := context.WithCancel(context.Background())
		c.ctx = ctx
		c.roles()
		done := make(chan error)
		go func() { done <- cloud.Run(ctx) }()
		defer func() {
			stop()
			require.NoError(t, <-done)
		}()
		run(t, c)
	})
}

// roles makes the role of the rules.
func (c *ruled) roles() {
	_, err := roletest.Make(c.ctx, c.AWSConfig(), "rules", "iot.amazonaws.com", "dynamodb:*Item", "sqs:SendMessage", "timestream:*", "iot:*", "s3:PutObject",
		"firehose:Put*", "logs:*", "cloudwatch:PutMetricData")
	require.NoError(c.t, err)
}

func (c *ruled) rule(name, sql string, actions ...iottypes.Action) {
	c.t.Helper()
	_, err := c.rules.CreateTopicRule(c.ctx, &iot.CreateTopicRuleInput{
		RuleName: &name, TopicRulePayload: &iottypes.TopicRulePayload{Sql: &sql, AwsIotSqlVersion: aws.String("2016-03-23"), Actions: actions},
	})
	require.NoError(c.t, err)
}

func (c *ruled) publish(topic, payload string) {
	c.t.Helper()
	_, err := c.data.Publish(c.ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: []byte(payload)})
	require.NoError(c.t, err)
	c.settle()
}

func (c *ruled) settle() {
	time.Sleep(5 * time.Second)
	synctest.Wait()
}

// failures are why actions and rules failed.
func (c *ruled) failures() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, e := range c.events {
		if e.Kind == event.ActionFailed || e.Kind == event.RuleFailed {
			out = append(out, e.Reason)
		}
	}
	return out
}

func (c *ruled) table(name string, keys ...string) {
	in := &dynamosdk.CreateTableInput{TableName: &name, BillingMode: dynamotypes.BillingModePayPerRequest}
	for i, key := range keys {
		key, kind, _ := strings.Cut(key, ":")
		in.AttributeDefinitions = append(in.AttributeDefinitions, dynamotypes.AttributeDefinition{AttributeName: &key, AttributeType: dynamotypes.ScalarAttributeType(kind)})
		in.KeySchema = append(in.KeySchema, dynamotypes.KeySchemaElement{AttributeName: &key, KeyType: []dynamotypes.KeyType{"HASH", "RANGE"}[i]})
	}
	_, err := c.items.CreateTable(c.ctx, in)
	require.NoError(c.t, err)
}

func (c *ruled) scan(table string) []map[string]dynamotypes.AttributeValue {
	out, err := c.items.Scan(c.ctx, &dynamosdk.ScanInput{TableName: &table})
	require.NoError(c.t, err)
	return out.Items
}

// AWS.md §2: dynamoDB, dynamoDBv2 (one column per root key), … Defaults: sqs
// useBase64 false, dynamoDB payloadField payload.
// AWS.md §2: sqs, republish.
func TestRulesWriteItemsAndQueueMessages(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		c.table("whole", "id:S", "n:N")
		c.table("columns", "id:S")
		queues := sqssdk.NewFromConfig(c.AWSConfig())
		queue, err := queues.CreateQueue(c.ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("q")})
		require.NoError(t, err)
		c.rule("R", `SELECT *, topic(2) AS id FROM 'd/+'`,
			iottypes.Action{DynamoDB: &iottypes.DynamoDBAction{TableName: aws.String("whole"), RoleArn: aws.String(rulesRole),
				HashKeyField: aws.String("id"), HashKeyValue: aws.String("${topic(2)}"), RangeKeyField: aws.String("n"), RangeKeyValue: aws.String("${v}"), RangeKeyType: "NUMBER"}},
			iottypes.Action{DynamoDBv2: &iottypes.DynamoDBv2Action{RoleArn: aws.String(rulesRole), PutItem: &iottypes.PutItemInput{TableName: aws.String("columns")}}},
			iottypes.Action{Sqs: &iottypes.SqsAction{QueueUrl: queue.QueueUrl, RoleArn: aws.String(rulesRole)}},
			iottypes.Action{Sqs: &iottypes.SqsAction{QueueUrl: queue.QueueUrl, RoleArn: aws.String(rulesRole), UseBase64: aws.Bool(true)}},
		)
		c.publish("d/a", `{"v":7.5,"deep":{"l":[1,"x",null,true]}}`)
		require.Empty(t, c.failures())
		deep := &dynamotypes.AttributeValueMemberM{Value: map[string]dynamotypes.AttributeValue{"l": &dynamotypes.AttributeValueMemberL{Value: []dynamotypes.AttributeValue{
			&dynamotypes.AttributeValueMemberN{Value: "1"}, &dynamotypes.AttributeValueMemberS{Value: "x"}, &dynamotypes.AttributeValueMemberNULL{Value: true}, &dynamotypes.AttributeValueMemberBOOL{Value: true},
		}}}}
		columns := map[string]dynamotypes.AttributeValue{"v": &dynamotypes.AttributeValueMemberN{Value: "7.5"}, "deep": deep, "id": &dynamotypes.AttributeValueMemberS{Value: "a"}}
		require.Equal(t, []map[string]dynamotypes.AttributeValue{columns}, c.scan("columns"))
		require.Equal(t, []map[string]dynamotypes.AttributeValue{{
			"id": &dynamotypes.AttributeValueMemberS{Value: "a"}, "n": &dynamotypes.AttributeValueMemberN{Value: "7.5"}, "payload": &dynamotypes.AttributeValueMemberM{Value: columns},
		}}, c.scan("whole"))
		messages, err := queues.ReceiveMessage(c.ctx, &sqssdk.ReceiveMessageInput{QueueUrl: queue.QueueUrl, MaxNumberOfMessages: 10})
		require.NoError(t, err)
		var bodies []string
		for _, m := range messages.Messages {
			bodies = append(bodies, *m.Body)
		}
		require.ElementsMatch(t, []string{`{"v":7.5,"deep":{"l":[1,"x",null,true]},"id":"a"}`, "eyJ2Ijo3LjUsImRlZXAiOnsibCI6WzEsIngiLG51bGwsdHJ1ZV19LCJpZCI6ImEifQ=="}, bodies)

		c.rule("Binary", `SELECT * FROM 'raw'`,
			iottypes.Action{DynamoDB: &iottypes.DynamoDBAction{TableName: aws.String("whole"), RoleArn: aws.String(rulesRole),
				HashKeyField: aws.String("id"), HashKeyValue: aws.String("raw"), RangeKeyField: aws.String("n"), RangeKeyValue: aws.String("1"), RangeKeyType: "NUMBER", PayloadField: aws.String("bytes")}},
			iottypes.Action{DynamoDBv2: &iottypes.DynamoDBv2Action{RoleArn: aws.String(rulesRole), PutItem: &iottypes.PutItemInput{TableName: aws.String("columns")}}},
			iottypes.Action{Sqs: &iottypes.SqsAction{QueueUrl: queue.QueueUrl, RoleArn: aws.String(rulesRole)}},
		)
		c.publish("raw", "\x00\xff")
		require.Len(t, c.failures(), 2)
		require.Contains(t, c.failures()[0], "put item: the payload is not JSON")
		require.Contains(t, c.failures()[1], "send message: the payload is not text")
		for _, item := range c.scan("whole") {
			if b, ok := item["bytes"]; ok {
				require.Equal(t, &dynamotypes.AttributeValueMemberB{Value: []byte("\x00\xff")}, b)
			}
		}
	})
}

// AWS.md §2: timestream infers bigint/double/boolean/varchar per attribute (so 10.0
// and 10.5 conflict in type), ≤ 100 values a message.
// AWS.md §2: timestream (one record per attribute).
func TestRulesWriteRecords(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		series := timestreamwrite.NewFromConfig(c.AWSConfig())
		_, err := series.CreateDatabase(c.ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: aws.String("metrics")})
		require.NoError(t, err)
		_, err = series.CreateTable(c.ctx, &timestreamwrite.CreateTableInput{DatabaseName: aws.String("metrics"), TableName: aws.String("tel")})
		require.NoError(t, err)
		c.rule("R", `SELECT * FROM 'd/+'`, iottypes.Action{Timestream: &iottypes.TimestreamAction{
			RoleArn: aws.String(rulesRole), DatabaseName: aws.String("metrics"), TableName: aws.String("tel"),
			Dimensions: []iottypes.TimestreamDimension{{Name: aws.String("device"), Value: aws.String("${topic(2)}")}},
		}})
		c.publish("d/a", `{"b":true,"i":123456789012,"d":123.456789012,"s":"String value","a":[23, 36],"o":{"x": 1}}`)
		require.Empty(t, c.failures())
		out, err := timestreamquery.NewFromConfig(c.AWSConfig()).Query(c.ctx, &timestreamquery.QueryInput{QueryString: aws.String(
			`SELECT device, measure_name, measure_value::boolean, measure_value::bigint, measure_value::double, measure_value::varchar FROM "metrics"."tel" ORDER BY measure_name`)})
		require.NoError(t, err)
		var got []string
		for _, row := range out.Rows {
			var line []string
			for _, d := range row.Data {
				if d.ScalarValue == nil {
					line = append(line, "-")
					continue
				}
				line = append(line, *d.ScalarValue)
			}
			got = append(got, strings.Join(line, " "))
		}
		require.Equal(t, []string{`a a - - - [23,36]`, `a b true - - -`, `a d - - 123.456789012 -`, `a i - 123456789012 - -`, `a o - - - {"x":1}`, `a s - - - String value`}, got)

		c.publish("d/a", `{"n":null}`)
		c.publish("d/a", `[]`)
		many := `{"k0":0`
		for i := range 100 {
			many += fmt.Sprintf(`,"k%d":1`, i+1)
		}
		c.publish("d/a", many+`}`)
		require.Len(t, c.failures(), 3)
		require.Contains(t, c.failures()[0], "attribute n: null has no type")
		require.Contains(t, c.failures()[1], "not a JSON object")
		require.Contains(t, c.failures()[2], "more than 100 attributes")
	})
}

// "With SQL V2 (2016-03-23), numeric values that are whole numbers, such as 10.0, are
// converted [to] their Integer representation (10)", with SELECT * as in the page's example.
// https://docs.aws.amazon.com/iot/latest/developerguide/timestream-rule-action.html
func TestWholeNumbersAreIntegersInTimestream(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		series := timestreamwrite.NewFromConfig(c.AWSConfig())
		_, err := series.CreateDatabase(c.ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: aws.String("metrics")})
		require.NoError(t, err)
		_, err = series.CreateTable(c.ctx, &timestreamwrite.CreateTableInput{DatabaseName: aws.String("metrics"), TableName: aws.String("tel")})
		require.NoError(t, err)
		for _, version := range []string{"2016-03-23", "2015-10-08"} {
			_, err := c.rules.CreateTopicRule(c.ctx, &iot.CreateTopicRuleInput{RuleName: aws.String("R" + version[:4]), TopicRulePayload: &iottypes.TopicRulePayload{
				Sql: aws.String("SELECT * FROM 'd/" + version + "'"), AwsIotSqlVersion: &version,
				Actions: []iottypes.Action{{Timestream: &iottypes.TimestreamAction{
					RoleArn: aws.String(rulesRole), DatabaseName: aws.String("metrics"), TableName: aws.String("tel"),
					Dimensions: []iottypes.TimestreamDimension{{Name: aws.String("version"), Value: aws.String("${topic(2)}")}},
				}}},
			}})
			require.NoError(t, err)
			c.publish("d/"+version, `{"whole": 10.0, "power": 1e2, "part": 10.5}`)
		}
		require.Empty(t, c.failures())
		for version, want := range map[string]string{"2016-03-23": "bigint", "2015-10-08": "double"} {
			for measure, want := range map[string]string{"whole": want, "power": want, "part": "double"} {
				out, err := timestreamquery.NewFromConfig(c.AWSConfig()).Query(c.ctx, &timestreamquery.QueryInput{QueryString: aws.String(fmt.Sprintf(
					`SELECT count(measure_value::%s) FROM "metrics"."tel" WHERE version = '%s' AND measure_name = '%s'`, want, version, measure))})
				require.NoError(t, err, "%s %s: there is no %s", version, measure, want)
				require.Equal(t, "1", *out.Rows[0].Data[0].ScalarValue, "%s %s is a %s", version, measure, want)
			}
		}
	})
}

// AWS.md §2: http (3 s timeout): three tries for 429 and 5xx, none for others; a url
// made of the message stays below confirmationUrl.
func TestRulesPostToTheWeb(t *testing.T) {
	web := &site{statuses: []int{500, 429, 200, 404}}
	withRules(t, web, func(t *testing.T, c *ruled) {
		c.rule("R", `SELECT * FROM 'd/+'`, iottypes.Action{Http: &iottypes.HttpAction{
			Url: aws.String("http://127.0.0.1:8080/${topic(2)}"), ConfirmationUrl: aws.String("http://127.0.0.1:8080"),
			Headers: []iottypes.HttpActionHeader{{Key: aws.String("Device"), Value: aws.String("${topic(2)}")}},
		}})
		c.enable(web)
		c.publish("d/a", `{"v":1}`)
		require.Empty(t, c.failures())
		c.publish("d/b", "\x00")
		require.Equal(t, []string{
			`http://127.0.0.1:8080/a application/json a {"v":1}`, `http://127.0.0.1:8080/a application/json a {"v":1}`, `http://127.0.0.1:8080/a application/json a {"v":1}`,
			"http://127.0.0.1:8080/b application/octet-stream b \x00",
		}, web.got)
		require.Equal(t, []string{"post: the server answered Not Found"}, c.failures())
		c.rule("Escape", `SELECT * FROM 'escape'`, iottypes.Action{Http: &iottypes.HttpAction{
			Url: aws.String("http://127.0.0.1${host}/"), ConfirmationUrl: aws.String("http://127.0.0.1"),
		}})
		c.enable(web)
		c.publish("escape", `{"host":".evil.example"}`)
		require.Contains(t, c.failures()[1], "is of another host than confirmationUrl")
		require.Len(t, web.got, 4)
	})
}

// doubler answers twice the number it is sent; of a text it fails, of null it hangs.
type doubler struct{}

func (doubler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	switch string(payload) {
	case `{"n":2}`:
		return []byte(`{"twice":4}`), nil
	case `null`:
		<-ctx.Done()
	}
	return nil, io.ErrUnexpectedEOF
}

// AWS.md §2: The error action covers failing actions only; a failing external
// function ends the rule (log only).
func TestRulesAskOtherServices(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		ctx := c.ctx
		c.table("out", "id:S")
		c.table("places", "id:S")
		_, err := c.items.PutItem(ctx, &dynamosdk.PutItemInput{TableName: aws.String("places"), Item: map[string]dynamotypes.AttributeValue{
			"id": &dynamotypes.AttributeValueMemberS{Value: "a"}, "room": &dynamotypes.AttributeValueMemberN{Value: "12"},
		}})
		require.NoError(t, err)
		_, err = c.rules.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("a"), AttributePayload: &iottypes.AttributePayload{Attributes: map[string]string{"site": "north"}}})
		require.NoError(t, err)
		c.Lambda.Bind("f", doubler{})
		makeFunction(t, c.AWSConfig(), func(in *lambdasdk.CreateFunctionInput) { in.Timeout = aws.Int32(10) })
		out := iottypes.Action{DynamoDBv2: &iottypes.DynamoDBv2Action{RoleArn: aws.String(rulesRole), PutItem: &iottypes.PutItemInput{TableName: aws.String("out")}}}
		const function = `'arn:aws:lambda:us-east-1:000000000000:function:f'`
		c.rule("R", `SET @t = get_registry_data("DescribeThing", topic(2), "`+rulesRole+`")
			SELECT topic(2) AS id, get_dynamodb("places", "id", topic(2), "`+rulesRole+`").room AS room,
				@t.attributes.site AS site, aws_lambda(`+function+`, *).twice AS twice FROM 'd/+'`, out)
		c.publish("d/a", `{"n":2}`)
		require.Len(t, c.failures(), 1)
		require.Contains(t, c.failures()[0], "iot.amazonaws.com for arn:aws:iot:us-east-1:000000000000:rule/R is not authorized to perform: lambda:InvokeFunction")
		_, err = lambdasdk.NewFromConfig(c.AWSConfig()).AddPermission(ctx, &lambdasdk.AddPermissionInput{
			FunctionName: aws.String("f"), StatementId: aws.String("rule"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("iot.amazonaws.com"),
			SourceArn: aws.String("arn:aws:iot:us-east-1:000000000000:rule/R"), SourceAccount: aws.String("000000000000"),
		})
		require.NoError(t, err)
		c.publish("d/a", `{"n":2}`)
		require.Len(t, c.failures(), 1, "no more")
		require.Equal(t, []map[string]dynamotypes.AttributeValue{{
			"id": &dynamotypes.AttributeValueMemberS{Value: "a"}, "room": &dynamotypes.AttributeValueMemberN{Value: "12"},
			"site": &dynamotypes.AttributeValueMemberS{Value: "north"}, "twice": &dynamotypes.AttributeValueMemberN{Value: "4"},
		}}, c.scan("out"))
		c.publish("d/b", `{"n":2}`) // there is no thing b
		c.publish("d/a", `"text"`)  // the function fails
		c.publish("d/a", `null`)    // the function is too late
		require.Len(t, c.failures(), 4)
		require.Contains(t, c.failures()[1], "get_registry_data: ")
		require.Contains(t, c.failures()[2], "aws_lambda: invoke")
		require.Contains(t, c.failures()[3], "aws_lambda: invoke")
		require.Contains(t, c.failures()[3], "deadline exceeded")
		require.Len(t, c.scan("out"), 1, "no action ran")

		_, err = c.rules.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("cold")})
		require.NoError(t, err)
		_, err = c.rules.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingGroupName: aws.String("cold"), ThingName: aws.String("a")})
		require.NoError(t, err)
		c.rule("Groups", `SELECT get(get_registry_data("ListThingGroupsForThing", 'a', "`+rulesRole+`").thingGroups, 0).groupName AS id FROM 'g'`, out)
		c.publish("g", `{}`)
		require.Len(t, c.failures(), 4)
		require.Len(t, c.scan("out"), 2)

		c.rule("Default", `SELECT 'default' AS id, get_or_default(aws_lambda(`+function+`, *)) AS none FROM 'e'`, out)
		c.publish("e", `"text"`)
		require.Len(t, c.scan("out"), 3)
	})
}

func TestRegistryDataOfAnotherAPIIsRefused(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		sql := `SELECT get_registry_data('ListThings', 'a', '` + rulesRole + `') AS s FROM 'a'`
		_, err := c.rules.CreateTopicRule(c.ctx, &iot.CreateTopicRuleInput{
			RuleName: aws.String("R"), TopicRulePayload: &iottypes.TopicRulePayload{Sql: &sql, AwsIotSqlVersion: aws.String("2016-03-23"), Actions: []iottypes.Action{}},
		})
		require.ErrorContains(t, err, "get_registry_data: the API is one of the constants")
	})
}

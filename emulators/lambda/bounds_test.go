package lambda_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// A key of an environment has two characters at least, letters, digits and _, a letter first.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func TestKeysOfAnEnvironmentAreNamesOfVariables(t *testing.T) {
	s := lambda.New(lambda.Config{})
	s.Bind("f", handler(func(context.Context, []byte) ([]byte, error) { return nil, nil }))
	c := sdk(s)
	for _, key := range []string{"", "A", "1A", "_A", "A-B", "A=B", "Ä1"} {
		in := createInput("f")
		in.Environment = &types.Environment{Variables: map[string]string{"TABLE": "t", key: "x"}}
		_, err := c.CreateFunction(t.Context(), in)
		require.ErrorContains(t, err, "InvalidParameterValueException", key)
		require.ErrorContains(t, err, "'environment.variables' failed to satisfy constraint", key)
	}
	in := createInput("f")
	in.Environment = &types.Environment{Variables: map[string]string{"T_1": "t"}}
	_, err := c.CreateFunction(t.Context(), in)
	require.NoError(t, err)
}

// A mapping does not begin in the future.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
func TestAMappingDoesNotBeginInTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{Streams: newShards("shard-0")})
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
		at := func(when time.Time) error {
			_, err := sdk(s).CreateEventSourceMapping(t.Context(), &client.CreateEventSourceMappingInput{
				FunctionName: aws.String("f"), EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionAtTimestamp, StartingPositionTimestamp: &when,
			})
			return err
		}
		require.ErrorContains(t, at(time.Now().Add(time.Second)), "StartingPositionTimestamp cannot be in the future")
		require.NoError(t, at(time.Now()))
	})
}

// A zip that is sent has at most 50 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func TestAZipThatIsSentHasABound(t *testing.T) {
	s := lambda.New(lambda.Config{})
	s.Bind("f", handler(func(context.Context, []byte) ([]byte, error) { return nil, nil }))
	_, err := s.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: "f", Role: roleARN, Runtime: "provided.al2023", Handler: "bootstrap", Code: &lambda.Code{ZipFile: make([]byte, 50<<20+1)},
	})
	require.ErrorContains(t, err, "RequestEntityTooLargeException: Request must be smaller than 69905067 bytes for the CreateFunction operation")
}

// The parts of a statement are held to their forms.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func TestWhatAStatementCannotHave(t *testing.T) {
	s := lambda.New(lambda.Config{})
	create(t, s, "f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
	good := client.AddPermissionInput{
		FunctionName: aws.String("f"), StatementId: aws.String("iot-1_x"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("iot.amazonaws.com"),
		SourceAccount: aws.String("000000000000"), SourceArn: aws.String("arn:aws:iot:us-east-1:000000000000:rule/r"),
	}
	for want, change := range map[string]func(*client.AddPermissionInput){
		`StatementId "a b"`:             func(in *client.AddPermissionInput) { in.StatementId = aws.String("a b") },
		`StatementId "` + long:          func(in *client.AddPermissionInput) { in.StatementId = aws.String(long) },
		`SourceAccount "mine"`:          func(in *client.AddPermissionInput) { in.SourceAccount = aws.String("mine") },
		`SourceArn "rule"`:              func(in *client.AddPermissionInput) { in.SourceArn = aws.String("rule") },
		"The provided principal was in": func(in *client.AddPermissionInput) { in.Principal = aws.String("iot") },
	} {
		in := good
		change(&in)
		_, err := sdk(s).AddPermission(t.Context(), &in)
		require.ErrorContains(t, err, want)
	}
	_, err := sdk(s).AddPermission(t.Context(), &good)
	require.NoError(t, err)
	good.StatementId, good.Principal = aws.String("account"), aws.String("123456789012")
	_, err = sdk(s).AddPermission(t.Context(), &good)
	require.NoError(t, err)
}

var long = strings.Repeat("x", 101)

// The asynchronous queue is bounded in bytes, too; what leaves it makes room.
func TestTheAsynchronousQueueHasABoundInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{QueueBytes: 100})
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) { return nil, nil })
		payload := []byte(`"` + strings.Repeat("x", 58) + `"`)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", payload))
		require.ErrorContains(t, s.InvokeAsync(t.Context(), "f", payload), "TooManyRequestsException: the asynchronous queue holds 1 events of 60 bytes")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(time.Second)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", payload))
		time.Sleep(time.Second)
		require.True(t, s.Idle())
		stop()
		require.NoError(t, <-done)
	})
}

// A record that is too large for an invocation goes to the destination at once, and does not
// block its shard until it expires.
// https://docs.aws.amazon.com/streams/latest/dev/large-records.html#record-compatability
func TestARecordThatIsTooLargeGoesToTheDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream, dead := newShards("shard-0"), &queue{}
		var sizes []int
		s := lambda.New(lambda.Config{Streams: stream, Queue: dead})
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
			sizes = append(sizes, len(payload))
			return nil, nil
		})
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
			FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon,
			MappingOptions: lambda.MappingOptions{DestinationConfig: &lambda.DestinationConfig{OnFailure: &lambda.Destination{Destination: queueARN}}},
		})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		stream.put("shard-0", "small", strings.Repeat("x", 5<<20), "behind")
		time.Sleep(time.Second)
		require.True(t, s.Idle())
		stop()
		require.NoError(t, <-done)
		require.Len(t, sizes, 2, "one before it, and one behind it")
		require.Len(t, dead.bodies, 1)
		require.Contains(t, dead.bodies[0], `"approximateInvokeCount":0`)
		require.Contains(t, dead.bodies[0], `"startSequenceNumber":"102","endSequenceNumber":"102"`)
	})
}

// What a function answered that is not JSON comes to the destination, too, as text.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func TestAnAnswerThatIsNotJSONReachesTheDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &queue{}
		s := lambda.New(lambda.Config{Queue: to})
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) { return []byte("<done>"), nil })
		_, err := s.PutFunctionEventInvokeConfig(t.Context(), &lambda.PutFunctionEventInvokeConfigInput{
			FunctionName: "f", DestinationConfig: &lambda.DestinationConfig{OnSuccess: &lambda.Destination{Destination: queueARN}},
		})
		require.NoError(t, err)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(time.Second)
		stop()
		require.NoError(t, <-done)
		require.Len(t, to.bodies, 1)
		var record struct{ ResponsePayload string }
		require.NoError(t, json.Unmarshal([]byte(to.bodies[0]), &record))
		require.Equal(t, "<done>", record.ResponsePayload)
	})
}

// A mapping is not redirected to a function that reads the source already: it would get all
// twice.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
func TestAFunctionHasOneMappingOfASource(t *testing.T) {
	s := lambda.New(lambda.Config{Streams: newShards("shard-0")})
	var ids []string
	for _, name := range []string{"f", "g"} {
		create(t, s, name, func(context.Context, []byte) ([]byte, error) { return nil, nil })
		m, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: name, EventSourceArn: streamARN, StartingPosition: lambda.Latest})
		require.NoError(t, err)
		ids = append(ids, m.UUID)
	}
	_, err := sdk(s).UpdateEventSourceMapping(t.Context(), &client.UpdateEventSourceMappingInput{UUID: &ids[0], FunctionName: aws.String("g")})
	require.ErrorContains(t, err, "ResourceConflictException")
	require.ErrorContains(t, err, ids[1])
	_, err = sdk(s).UpdateEventSourceMapping(t.Context(), &client.UpdateEventSourceMappingInput{UUID: &ids[0], FunctionName: aws.String("f")})
	require.NoError(t, err, "its own")
}

// A pattern about the data of a Kinesis stream is about its keys, and knows numbers as they
// are written.
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
func TestPatternsAreAboutTheKeysOfData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := newShards("shard-0")
		var events []string
		s := lambda.New(lambda.Config{Streams: stream})
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
			events = append(events, string(payload))
			return nil, nil
		})
		filtered := func(text string) lambda.MappingOptions {
			return lambda.MappingOptions{FilterCriteria: &lambda.FilterCriteria{Filters: []lambda.Filter{{Pattern: text}}}}
		}
		in := &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon}
		for _, wrong := range []string{`{"data":["x"]}`, `{"$or":[{"data":["x"]},{"partitionKey":["k"]}]}`} {
			in.MappingOptions = filtered(wrong)
			_, err := s.CreateEventSourceMapping(t.Context(), in)
			require.ErrorContains(t, err, `InvalidParameterValueException: Invalid filter pattern definition: "data"`)
		}
		in.MappingOptions = filtered(`{"data":{"t":[300]}}`)
		m, err := s.CreateEventSourceMapping(t.Context(), in)
		require.NoError(t, err)
		_, err = s.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: m.UUID, MappingOptions: filtered(`{"data":["x"]}`)})
		require.ErrorContains(t, err, `"data"`)
		stream.put("shard-0", `{"t":300.0}`, `{"t":300}`, `{"t":3e2}`)
		runFor(t, s, time.Second)
		require.Len(t, events, 1)
		require.Contains(t, events[0], base64.StdEncoding.EncodeToString([]byte(`{"t":300}`)))
	})
}

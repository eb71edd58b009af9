package lambda_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	library "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// A function made by AWS's library finds its request, its name and its deadline in
// the context; its panic is a failed invocation, not the end of the process.
//
// AWS.md §3: Handlers are github.com/aws/aws-lambda-go;
// lambda.NewHandler(f).Invoke(ctx, json) runs one in process (recover panics, set
// LambdaContext and the deadline).
func TestHandlersOfTheLibrary(t *testing.T) {
	type found struct {
		Request, ARN string
		Left         time.Duration
	}
	look := func(ctx context.Context, in struct{ Panic bool }) (found, error) {
		if in.Panic {
			panic("at the disco")
		}
		l, ok := lambdacontext.FromContext(ctx)
		require.True(t, ok)
		deadline, ok := ctx.Deadline()
		require.True(t, ok)
		return found{l.AwsRequestID, l.InvokedFunctionArn, time.Until(deadline)}, nil
	}
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{Functions: map[string]lambda.GoHandler{"f": library.NewHandler(look)}})
		c := sdk(s)
		in := createInput("f")
		in.Timeout = aws.Int32(7)
		_, err := c.CreateFunction(t.Context(), in)
		require.NoError(t, err)
		running(t, s, func() {
			out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{}`)})
			require.NoError(t, err)
			require.Nil(t, out.FunctionError, string(out.Payload))
			var got found
			require.NoError(t, json.Unmarshal(out.Payload, &got))
			require.Equal(t, "arn:aws:lambda:us-east-1:000000000000:function:f", got.ARN)
			require.NotEmpty(t, got.Request)
			require.Equal(t, 7*time.Second, got.Left)

			out, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"Panic":true}`)})
			require.NoError(t, err)
			require.Equal(t, "Unhandled", *out.FunctionError)
			require.Contains(t, string(out.Payload), "at the disco")
		})
	})
}

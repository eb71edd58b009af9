package fault_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// TestFunctionsOfTheCloud: an invocation of a deployed function ends as it does on
// AWS, and a throttled invocation is Lambda's own error.
func TestFunctionsOfTheCloud(t *testing.T) {
	for kind, want := range map[simfault.Kind]string{
		simfault.FunctionError: "InjectedError", simfault.FunctionErrorAfter: "InjectedError",
		simfault.FunctionPanic: "InjectedError", simfault.FunctionTimeout: "Sandbox.Timedout",
	} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, runs := start(t), 0
				w.cloud.Lambda.Bind("processor", function(w.injector, &runs))
				cfg := w.cloud.AWSConfig()
				cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
				functions := client.NewFromConfig(cfg)
				role, err := roletest.Make(own(t), w.cloud.AWSConfig(), "functions", "lambda.amazonaws.com")
				require.NoError(t, err)
				_, err = functions.CreateFunction(own(t), &client.CreateFunctionInput{
					FunctionName: aws.String("processor"), Role: &role,
					Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), Timeout: aws.Int32(20),
					Code: &lambdatypes.FunctionCode{ZipFile: []byte("zip")},
				})
				require.NoError(t, err)
				invoke := func() (*client.InvokeOutput, error) {
					return functions.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("processor"), Payload: []byte(`{}`)})
				}
				w.injector.Begin(0, simfault.Fault{Kind: kind, Target: simfault.Target{Function: "processor"}})
				began := time.Now()
				out, err := invoke()
				require.NoError(t, err)
				require.NotNil(t, out.FunctionError)
				var failed struct{ ErrorType string }
				require.NoError(t, json.Unmarshal(out.Payload, &failed))
				require.Equal(t, want, failed.ErrorType)
				require.Equal(t, kind == simfault.FunctionTimeout, time.Since(began) == 20*time.Second)
				w.injector.End(0)

				w.begin(simfault.Throttle, "lambda", "Invoke", simfault.Parameters{})
				_, err = invoke()
				require.True(t, as[*lambdatypes.TooManyRequestsException](err), "%v", err)
				w.begin(simfault.ServerError, "lambda", "", simfault.Parameters{})
				_, err = invoke()
				require.True(t, as[*lambdatypes.ServiceException](err), "%v", err)
				w.injector.End(0)
				out, err = invoke()
				require.NoError(t, err)
				require.Nil(t, out.FunctionError)
				drain(t, w)
			})
		})
	}
}

// drain waits for handlers that hang.
func drain(t *testing.T, w *world) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = w.cloud.Run(ctx)
	synctest.Wait()
}

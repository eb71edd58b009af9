package scenarios_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// TestObserver: no fault befalls those who look on, and none is spent on them.
func TestObserver(t *testing.T) {
	bubble.Test(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), func(t *testing.T) {
		world, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{})
		require.NoError(t, err)
		defer world.Close()
		world.Faults.Begin(0, fault.Fault{Kind: fault.Throttle, Target: fault.Target{Service: "kinesis"}, Parameters: fault.Parameters{Rate: 1}})
		list := func(cfg aws.Config) error {
			cfg.RetryMaxAttempts = 1
			_, err := kinesis.NewFromConfig(cfg).ListStreams(t.Context(), &kinesis.ListStreamsInput{})
			return err
		}
		require.NoError(t, list(world.Observer()))
		require.Zero(t, world.Faults.Hits(0))
		require.Error(t, list(world.AWS), "the fault is there")
	})
}

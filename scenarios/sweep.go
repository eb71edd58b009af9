package scenarios

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
)

// schedulerMinimum is the shortest rate of EventBridge Scheduler. A shorter
// sweep is driven by the simulator, so that short runs can show it.
const schedulerMinimum = time.Minute

// driveSweep invokes the offline detector until ctx ends.
func (w *World) driveSweep(ctx context.Context) error {
	client := lambda.NewFromConfig(w.AWS)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(w.options.Pipeline.Sweep):
		}
		answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(pipeline.OfflineSweep), Payload: []byte("{}")})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			w.trouble.add("offline sweep", err.Error())
		case answer.FunctionError != nil:
			w.trouble.add("offline sweep", string(answer.Payload))
		}
	}
}

// watchOffline looks at what the detector says until ctx ends.
func (w *World) watchOffline(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(w.options.Pipeline.Sweep):
		}
		w.look(ctx)
	}
}

// lookLag is how long after its instant a look is taken: a sweep at the same one
// is then over, and so is what the devices send, whose lanes are shorter.
const lookLag = 2*time.Millisecond + 503*time.Microsecond

// look reads which devices are offline by the status index, as the device API
// does. The published pipeline has no such detector.
func (w *World) look(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(lookLag):
	}
	offline, err := readback.Offline(fault.Exempt(ctx), w.AWS, w.Stores.Table)
	if err != nil {
		if ctx.Err() == nil {
			w.trouble.add("look at the offline devices", err.Error())
		}
		return
	}
	w.offline.Observe(offline, time.Now())
}

package features

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
)

func (s *Steps) registerGiven(sc *godog.ScenarioContext) {
	sc.Step(`^the pipeline$`, s.pipeline)
	sc.Step(`^the pipeline with a silence of "([^"]*)" and a sweep every "([^"]*)"$`, s.pipelineWith)
	sc.Step(`^the device "([^"]*)" is connected$`, s.connect)
	sc.Step(`^the thing "([^"]*)" has a certificate$`, s.provision)
	sc.Step(`^"([^"]*)" listens to its commands$`, s.listen)
	sc.Step(`^the stream is deleted$`, s.deleteStream)
}

func (s *Steps) pipeline(ctx context.Context) error {
	return s.start(ctx, scenarios.Pipeline{})
}

func (s *Steps) pipelineWith(ctx context.Context, silence, sweep string) error {
	quiet, err := time.ParseDuration(silence)
	if err != nil {
		return err
	}
	every, err := time.ParseDuration(sweep)
	if err != nil {
		return err
	}
	return s.start(ctx, scenarios.Pipeline{Silence: quiet, Sweep: every})
}

// provision makes the thing, where it is not there yet, without connecting.
func (s *Steps) provision(ctx context.Context, thing string) error {
	if s.world == nil {
		return errors.New("there is no pipeline yet")
	}
	if _, known := s.devices[thing]; known {
		return nil
	}
	identity, err := s.world.AddThing(ctx, thing, nil)
	if err != nil {
		return err
	}
	s.devices[thing] = &device{identity: identity}
	return nil
}

// connect connects a thing under its own name, again if need be.
func (s *Steps) connect(ctx context.Context, thing string) error {
	if err := s.provision(ctx, thing); err != nil {
		return err
	}
	d, err := dialDevice(ctx, s.world, s.devices[thing].identity, thing)
	if err != nil {
		return fmt.Errorf("connect %s: %w", thing, err)
	}
	if old := s.devices[thing]; old.client != nil {
		old.close()
	}
	s.devices[thing] = d
	time.Sleep(time.Second)
	return nil
}

func (s *Steps) listen(ctx context.Context, thing string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	return d.subscribe(ctx, "devices/"+thing+"/commands")
}

func (s *Steps) deleteStream(ctx context.Context) error {
	_, err := kinesis.NewFromConfig(s.world.AWS).DeleteStream(ctx, &kinesis.DeleteStreamInput{StreamName: &s.world.Stores.Stream})
	return err
}

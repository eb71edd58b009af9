package features

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/cucumber/godog"
)

func (s *Steps) registerWhen(sc *godog.ScenarioContext) {
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+)$`, func(thing string, t float64) error {
		return s.report(thing, thing, 0, map[string]float64{"temperature": t})
	})
	sc.Step(`^"([^"]*)" reports battery ([0-9.]+)$`, func(thing string, b float64) error {
		return s.report(thing, thing, 0, map[string]float64{"battery_pct": b})
	})
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+) and battery ([0-9.]+)$`, func(thing string, t, b float64) error {
		return s.report(thing, thing, 0, map[string]float64{"temperature": t, "battery_pct": b})
	})
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+) that is "([^"]*)" old$`, s.reportOld)
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+) as device "([^"]*)"$`, func(thing string, t float64, as string) error {
		return s.report(thing, as, 0, map[string]float64{"temperature": t})
	})
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+) and in the same millisecond temperature ([0-9.]+)$`, s.reportTwice)
	sc.Step(`^"([^"]*)" reports temperature ([0-9.]+) every "([^"]*)" for "([^"]*)"$`, s.reportEvery)
	sc.Step(`^"([^"]*)" publishes to "([^"]*)":$`, func(thing, topic string, payload *godog.DocString) error {
		return s.publish(thing, topic, []byte(payload.Content))
	})
	sc.Step(`^"([^"]*)" publishes the bytes "([0-9a-f]*)" to "([^"]*)"$`, s.publishBytes)
	sc.Step(`^"([^"]*)" publishes (\d+) bytes to "([^"]*)"$`, func(thing string, n int, topic string) error {
		return s.publish(thing, topic, bytes.Repeat([]byte("x"), n))
	})
	sc.Step(`^"([^"]*)" subscribes to "([^"]*)"$`, s.subscribeForeign)
	sc.Step(`^"([^"]*)" loses its connection$`, func(thing string) error { return s.link(thing, (*device).cut) })
	sc.Step(`^the link of "([^"]*)" is cut without a word$`, func(thing string) error { return s.link(thing, (*device).freeze) })
	sc.Step(`^"([^"]*)" pass$`, s.pass)
	sc.Step(`^the pipeline has drained$`, func(ctx context.Context) error { return s.world.Drain(ctx, s.drainBound()) })
}

func (d *device) cut() {
	d.link.Cut()
	<-d.ended
}

func (d *device) freeze() { d.link.Freeze() }

func (s *Steps) link(thing string, f func(*device)) error {
	d, err := s.device(thing)
	if err == nil {
		f(d)
	}
	return err
}

// reading is a telemetry payload; its metrics are in a fixed order.
func reading(deviceID string, at time.Time, metrics map[string]float64) []byte {
	payload, _ := json.Marshal(map[string]any{"deviceId": deviceID, "timestamp": at.UnixMilli(), "data": metrics})
	return payload
}

// report publishes a reading that is so old, then lets a second pass, so that no
// two readings have one timestamp.
func (s *Steps) report(thing, as string, age time.Duration, metrics map[string]float64) error {
	if err := s.publish(thing, "devices/"+thing+"/telemetry", reading(as, time.Now().Add(-age), metrics)); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return nil
}

func (s *Steps) reportOld(thing string, t float64, age string) error {
	d, err := time.ParseDuration(age)
	if err != nil {
		return err
	}
	return s.report(thing, thing, d, map[string]float64{"temperature": t})
}

func (s *Steps) reportTwice(thing string, a, b float64) error {
	at := time.Now()
	topic := "devices/" + thing + "/telemetry"
	if err := s.publish(thing, topic, reading(thing, at, map[string]float64{"temperature": a})); err != nil {
		return err
	}
	return s.publish(thing, topic, reading(thing, at, map[string]float64{"humidity": b}))
}

func (s *Steps) reportEvery(thing string, t float64, every, during string) error {
	step, err := time.ParseDuration(every)
	if err != nil {
		return err
	}
	total, err := time.ParseDuration(during)
	if err != nil {
		return err
	}
	for end := time.Now().Add(total); time.Now().Before(end); time.Sleep(step - time.Second) {
		if err := s.report(thing, thing, 0, map[string]float64{"temperature": t}); err != nil {
			return err
		}
	}
	return nil
}

// publish sends; that the broker ends the connection over it is for a Then to
// look at.
func (s *Steps) publish(thing, topic string, payload []byte) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	s.sent[thing] = payload
	s.refusal = d.publish(topic, payload)
	if s.refusal == nil {
		s.world.Published(thing, topic, payload)
	}
	select {
	case <-d.ended:
		return nil
	default:
		return s.refusal
	}
}

func (s *Steps) publishBytes(thing, digits, topic string) error {
	payload, err := hex.DecodeString(digits)
	if err != nil {
		return err
	}
	return s.publish(thing, topic, payload)
}

func (s *Steps) subscribeForeign(ctx context.Context, thing, filter string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	s.refusal = d.subscribe(ctx, filter)
	return nil
}

func (s *Steps) pass(duration string) error {
	d, err := time.ParseDuration(duration)
	if err != nil {
		return fmt.Errorf("how long is %q: %w", duration, err)
	}
	time.Sleep(d)
	return nil
}

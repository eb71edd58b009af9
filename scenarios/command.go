package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// order is a command on its way.
type order struct{ reports.Command }

// Command publishes a command to a device of the fleet through the data plane,
// as an operator's tool does.
func (f *FleetRun) Command(ctx context.Context, c CommandOrder) error {
	if f.members[c.Thing] == nil {
		return fmt.Errorf("command %s for %s: %w", c.Action, c.Thing, errUnknownThing)
	}
	body := map[string]any{"action": c.Action}
	if c.Interval > 0 {
		body["interval"] = c.Interval.Seconds()
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("command %s: %w", c.Action, err)
	}
	o := &order{reports.Command{Thing: c.Thing, Action: c.Action, Sent: time.Now()}}
	f.mu.Lock()
	f.orders = append(f.orders, o)
	f.mu.Unlock()
	_, err = iotdataplane.NewFromConfig(f.world.AWS).Publish(fault.Exempt(ctx), &iotdataplane.PublishInput{
		Topic: aws.String("devices/" + c.Thing + "/commands"), Qos: 1, Payload: payload,
	})
	if err != nil {
		f.mu.Lock()
		o.Error = err.Error()
		f.mu.Unlock()
	}
	return err
}

// commanded enters that a device received or obeyed a command: the oldest of
// its kind that it had not. Commands of the alert handler are not in the list.
func (f *FleetRun) commanded(e device.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.orders {
		if o.Thing != e.Thing || o.Action != e.Command {
			continue
		}
		switch {
		case e.Kind == device.Command && o.Received.IsZero():
			o.Received = e.At
			return
		case e.Kind == device.Acted && o.Acted.IsZero() && e.Err == nil:
			o.Acted = e.At
			return
		case e.Kind == device.Acted && o.Acted.IsZero():
			o.Error = e.Err.Error()
			return
		}
	}
}

// Commands are the commands sent so far and what became of them.
func (f *FleetRun) Commands() []reports.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []reports.Command{}
	for _, o := range f.orders {
		c := o.Command
		for i := range f.plan.Faults {
			c.Befallen = c.Befallen || slices.Contains(f.chosen[i], c.Thing)
		}
		list = append(list, c)
	}
	return list
}

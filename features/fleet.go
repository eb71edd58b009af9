package features

import (
	"context"
	"fmt"
	"time"

	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

func (s *Steps) registerFleet(sc *godog.ScenarioContext) {
	sc.Step(`^a fleet of (\d+) devices? reports every "([^"]*)" for "([^"]*)"$`, s.fleetReports)
	sc.Step(`^after "([^"]*)" the cloud sends "([^"]*)" of "([^"]*)" to "([^"]*)"$`, s.order)
	sc.Step(`^every message of the fleet is stored in the archive and the time series$`, s.fleetStored)
	sc.Step(`^"([^"]*)" acted on "([^"]*)"$`, s.acted)
	sc.Step(`^the fleet sent more than (\d+) messages$`, s.fleetSent)
	sc.Step(`^the scenario "([^"]*)" loses messages in the time series and in the device state$`, s.scenarioLoses)
}

// fleetReports starts a fleet of virtual sensors named fleet-00001 and so on;
// it runs until the next step that lets time pass has waited for its end.
func (s *Steps) fleetReports(ctx context.Context, n int, every, during string) error {
	interval, err := time.ParseDuration(every)
	if err != nil {
		return err
	}
	duration, err := time.ParseDuration(during)
	if err != nil {
		return err
	}
	s.fleet, err = s.world.StartFleet(ctx, scenarios.FleetPlan{
		Seed:     1,
		Duration: duration,
		Groups: []scenarios.Group{{
			Name: "fleet", Count: n, Interval: interval, KeepAlive: time.Minute,
		}},
	})
	return err
}

func (s *Steps) order(ctx context.Context, after, action, interval, thing string) error {
	wait, err := time.ParseDuration(after)
	if err != nil {
		return err
	}
	every, err := time.ParseDuration(interval)
	if err != nil {
		return err
	}
	time.Sleep(wait)
	return s.fleet.Command(ctx, scenarios.CommandOrder{Thing: thing, Action: action, Interval: every})
}

func (s *Steps) acted(thing, action string) error {
	s.fleet.Wait()
	for _, c := range s.fleet.Commands() {
		if c.Thing == thing && c.Action == action && !c.Acted.IsZero() {
			return nil
		}
	}
	return fmt.Errorf("%s did not act on %s: %v", thing, action, s.fleet.Commands())
}

func (s *Steps) fleetSent(n int) error {
	s.fleet.Wait()
	if got := s.world.Ledger.Count(ledger.Sent); got <= n {
		return fmt.Errorf("the fleet sent %d messages, not more than %d", got, n)
	}
	return nil
}

func (s *Steps) fleetStored(ctx context.Context) error {
	s.fleet.Wait()
	if err := s.world.Drain(ctx, s.drainBound()); err != nil {
		return err
	}
	if err := s.nothingLost(ctx); err != nil {
		return err
	}
	all := len(s.world.Ledger.Messages())
	for _, sink := range []ledger.Sink{ledger.Archive, ledger.TimeSeries} {
		if err := expect("stored in the "+sink.String(), s.world.Ledger.Tally(sink)[ledger.Stored], all); err != nil {
			return err
		}
	}
	return nil
}

// scenarioLoses runs a scenario of the library in this scenario's bubble.
func (s *Steps) scenarioLoses(ctx context.Context, name string) error {
	scenario, err := scenarios.FromLibrary(name)
	if err != nil {
		return err
	}
	outcome, err := scenarios.Run(ctx, scenarios.RunOptions{Scenario: scenario})
	if err != nil {
		return err
	}
	for _, sink := range []ledger.Sink{ledger.TimeSeries, ledger.State} {
		if outcome.Ledger.Tally(sink)[ledger.Lost] == 0 {
			return fmt.Errorf("nothing is lost in the %s: %v", sink, outcome.Ledger.Tally(sink))
		}
	}
	if outcome.Result.Passed() {
		return fmt.Errorf("the run passed although it lost messages")
	}
	return nil
}

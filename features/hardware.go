package features

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// hardwareTag marks scenarios with a board: they need a Suite's Board.
const hardwareTag = "@hardware"

// boardSteps put a board into a fleet.
type boardSteps struct {
	open func(tape string) (scenarios.Outsider, error)
}

func (s *Steps) registerHardware(sc *godog.ScenarioContext) {
	sc.Step(`^a fleet of (\d+) devices reports every "([^"]*)" for "([^"]*)" while the board "([^"]*)" plays "([^"]*)" every "([^"]*)"$`, s.fleetWithBoard)
	sc.Step(`^the board "([^"]*)" has made (\d+) readings$`, s.boardHasMade)
}

// fleetWithBoard runs a fleet in which one device is a board, and waits for its end.
func (s *Steps) fleetWithBoard(ctx context.Context, n int, every, during, thing, tape, pace string) error {
	if s.board.open == nil {
		return errors.New("this suite has no Board to play a tape with")
	}
	var times [3]time.Duration
	for i, text := range []string{every, during, pace} {
		d, err := time.ParseDuration(text)
		if err != nil {
			return err
		}
		times[i] = d
	}
	board, err := s.board.open(tape)
	if err != nil {
		return err
	}
	s.fleet, err = s.world.StartFleet(ctx, scenarios.FleetPlan{
		Seed: 1, Duration: times[1],
		Groups:   []scenarios.Group{{Name: "fleet", Count: n, Interval: times[0], KeepAlive: time.Minute}},
		External: []scenarios.External{{Thing: thing, Interval: times[2], Readings: 1}}, Outsider: board,
	})
	return err
}

// boardHasMade counts a board's readings in the ledger; that its life ended without
// an error is part of it.
func (s *Steps) boardHasMade(thing string, n int) error {
	s.fleet.Wait()
	if failures := s.fleet.ExternalErrors(); len(failures) > 0 {
		return fmt.Errorf("%v", failures)
	}
	for _, x := range s.fleet.External() {
		if x.Thing == thing {
			return expect("readings of "+thing, x.Accepted, n)
		}
	}
	return fmt.Errorf("there is no board %q", thing)
}

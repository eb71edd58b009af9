package features

import (
	"context"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
)

func (s *Steps) registerAlerts(sc *godog.ScenarioContext) {
	s.then(sc, `^(\d+) "([^"]*)" alerts? about the (temperature|battery) of "([^"]*)" (?:was|were) sent$`, s.alertsSent)
	s.then(sc, `^no alert's message begins with "([^"]*)"$`, s.noAlertBegins)
	s.then(sc, `^the alert history of "([^"]*)" has (\d+) alerts?$`, s.history)
}

func (s *Steps) alertsSent(ctx context.Context, n int, severity, kind, thing string) error {
	ev, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	count := 0
	for _, a := range ev.Alerts {
		if a.Thing == thing && a.Kind == kind && a.Severity == severity {
			count++
		}
	}
	return expect(fmt.Sprintf("%s alerts about the %s of %s (of %v)", severity, kind, thing, ev.Alerts), count, n)
}

func (s *Steps) noAlertBegins(ctx context.Context, prefix string) error {
	ev, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	if len(ev.Alerts) == 0 {
		return fmt.Errorf("no alert was sent")
	}
	for _, a := range ev.Alerts {
		if strings.HasPrefix(a.Message, prefix) {
			return fmt.Errorf("an alert's message is %q", a.Message)
		}
	}
	return nil
}

func (s *Steps) history(ctx context.Context, thing string, n int) error {
	rows, err := s.query(ctx, fmt.Sprintf(`SELECT time, measure_name FROM "iot-data"."alerts" WHERE device_id = '%s'`, thing))
	if err != nil {
		return err
	}
	return expect("rows in the alert history of "+thing, len(rows), n)
}

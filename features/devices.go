package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
)

func (s *Steps) registerDevices(sc *godog.ScenarioContext) {
	s.then(sc, `^GET "([^"]*)" answers (\d+) with "([^"]*)"$`, s.get)
	sc.Step(`^POST "([^"]*)" of '([^']*)' answers (\d+)$`, s.post)
	s.then(sc, `^the device API says "([^"]*)" is "([^"]*)"$`, s.apiStatus)
	s.then(sc, `^the device API lists "([^"]*)" as "([^"]*)"$`, func(ctx context.Context, thing, status string) error {
		return s.get(ctx, "/devices?status="+status, 200, thing)
	})
	s.then(sc, `^"([^"]*)" received the command "([^"]*)"$`, s.received)
	s.then(sc, `^"([^"]*)" received no command$`, s.receivedNone)
	sc.Step(`^"([^"]*)" is disconnected$`, s.isDisconnected)
	s.then(sc, `^the broker no longer has "([^"]*)" connected$`, s.notConnected)
	sc.Step(`^a client without a certificate cannot connect$`, s.noCertificate)
	sc.Step(`^a client with a certificate of another authority cannot connect$`, s.foreignAuthority)
	sc.Step(`^the certificate of "([^"]*)" is made "([^"]*)"$`, s.certificateStatus)
	sc.Step(`^"([^"]*)" cannot connect$`, func(ctx context.Context, thing string) error { return s.cannotConnect(ctx, thing, thing) })
	sc.Step(`^"([^"]*)" cannot connect as "([^"]*)"$`, s.cannotConnect)
}

func (s *Steps) get(ctx context.Context, path string, status int, want string) error {
	code, body, err := s.world.CallDeviceAPI(ctx, "GET", path, "")
	if err != nil {
		return err
	}
	if err := expect("status of GET "+path+" ("+body+")", code, status); err != nil {
		return err
	}
	if !strings.Contains(strings.ToLower(body), strings.ToLower(want)) {
		return fmt.Errorf("GET %s: %s does not contain %q", path, body, want)
	}
	return nil
}

func (s *Steps) post(ctx context.Context, path, body string, status int) error {
	code, answer, err := s.world.CallDeviceAPI(ctx, "POST", path, body)
	if err != nil {
		return err
	}
	return expect("status of POST "+path+" ("+answer+")", code, status)
}

func (s *Steps) apiStatus(ctx context.Context, thing, want string) error {
	_, body, err := s.world.CallDeviceAPI(ctx, "GET", "/devices/"+thing, "")
	if err != nil {
		return err
	}
	var device struct{ Status string }
	if err := json.Unmarshal([]byte(body), &device); err != nil {
		return fmt.Errorf("GET /devices/%s: %w", thing, err)
	}
	return expect("status of "+thing, device.Status, want)
}

func (s *Steps) received(thing, action string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	time.Sleep(time.Second)
	if got := d.commands(); !slices.Contains(got, action) {
		return fmt.Errorf("%s received %v, not %s", thing, got, action)
	}
	return nil
}

func (s *Steps) receivedNone(thing string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	return expect("commands", len(d.commands()), 0)
}

func (s *Steps) isDisconnected(thing string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	return d.isEnded()
}

func (s *Steps) notConnected(thing string) error {
	if s.world.Cloud == nil {
		return errors.New("an attached cloud does not tell who is connected")
	}
	if s.world.Cloud.IoT.IsConnected(thing) {
		return fmt.Errorf("%s is connected", thing)
	}
	return nil
}

// refused is the outcome that a connection attempt must have.
func refused(d *device, err error) error {
	if err != nil {
		return nil
	}
	defer d.close()
	// TLS 1.3 tells a client about its certificate only after the handshake.
	return d.isEnded()
}

func (s *Steps) noCertificate(ctx context.Context) error {
	return refused(dialDevice(ctx, s.world, nil, "sensor-1"))
}

// foreignAuthority connects with a certificate that another cloud issued.
func (s *Steps) foreignAuthority(ctx context.Context) error {
	other, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{})
	if err != nil {
		return err
	}
	identity, err := other.AddThing(ctx, "sensor-1", nil)
	if err := errors.Join(err, other.Close()); err != nil {
		return err
	}
	return refused(dialDevice(ctx, s.world, identity, "sensor-1"))
}

func (s *Steps) certificateStatus(ctx context.Context, thing, status string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	_, id, _ := strings.Cut(d.identity.CertificateARN, "/")
	_, err = iot.NewFromConfig(s.world.AWS).UpdateCertificate(ctx, &iot.UpdateCertificateInput{
		CertificateId: aws.String(id), NewStatus: iottypes.CertificateStatus(status)})
	return err
}

func (s *Steps) cannotConnect(ctx context.Context, thing, clientID string) error {
	d, err := s.device(thing)
	if err != nil {
		return err
	}
	return refused(dialDevice(ctx, s.world, d.identity, clientID))
}

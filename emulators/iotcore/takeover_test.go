package iotcore

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

// TestRevokedWhileItWaits: a client that waits for the end of the connection before it,
// whose will finds the rules queue full, is not let in when its certificate is INACTIVE by
// then.
func TestRevokedWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{QueueLimit: 1})
		defer f.close()
		f.targets.gate = make(chan struct{})
		f.rule("R", "fill", toKinesis("s"))
		cert := f.thing("a", allowAll)
		f.dial("a", cert, withWill("w", "gone"))
		settle()
		for range 2 { // one is held by the target, one fills the queue
			f.httpPublish("fill", 1, "{}")
			settle()
		}
		dialled := make(chan error, 1)
		go func() {
			_, err := f.tryDial("a", cert)
			dialled <- err
		}()
		settle()
		_, err := iot.NewFromConfig(awsConfig(f.core.Control())).UpdateCertificate(context.Background(), &iot.UpdateCertificateInput{
			CertificateId: aws.String(idOf(cert)), NewStatus: types.CertificateStatusInactive,
		})
		require.NoError(t, err)
		require.Empty(t, dialled, "it waits")
		close(f.targets.gate)
		require.ErrorIs(t, <-dialled, errRefused)
		settle()
		require.Zero(t, f.core.Connected())
	})
}

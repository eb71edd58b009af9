package mqtt_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// TestPublishAtTheInstantOfTheEnd: a burst is written whole or not at all, whenever
// in its instant the client finds that the server has closed.
func TestPublishAtTheInstantOfTheEnd(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		conn := w.dial()
		c, err := mqtt.Connect(t.Context(), conn, mqtt.Options{ClientID: "sensor", Inflight: 10})
		require.NoError(t, err)
		done := make(chan error, 1)
		w.wait.Go(func() { done <- c.Run(t.Context()) })
		synctest.Wait()
		require.NoError(t, memnet.Reset(conn))
		require.Error(t, <-done)
		_, err = c.Publish(mqtt.Message{Topic: "t", Payload: []byte("x"), QoS: 1})
		require.NoError(t, err, "at this instant, TCP does not know")
		time.Sleep(time.Nanosecond)
		_, err = c.Publish(mqtt.Message{Topic: "t", Payload: []byte("x"), QoS: 1})
		require.ErrorIs(t, err, mqtt.ErrClosed)
	})
}

package iotcore

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// AWS.md §1: Same client id: the new connection wins; the old one is disconnected
// (`DUPLICATE_CLIENTID`, …) and its will is sent.
func TestTakeover(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		watch := f.dial("w", f.thing("w", allowAll))
		watch.subscribe(1, "wills/a")
		first := f.dial("a", cert, withWill("wills/a", "first gone"))
		second := f.dial("a", cert)
		settle()
		require.True(t, first.isClosed())
		require.False(t, second.isClosed())
		require.Equal(t, []string{"wills/a first gone"}, watch.got())
		require.Equal(t, []string{"DUPLICATE_CLIENTID"}, f.reasons(event.Disconnected))
		require.True(t, second.publish("t", "still here"))
		require.Equal(t, 2, f.core.Connected())
	})
}

func TestPersistentSessionKeepsMessagesInOrder(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		require.False(t, c.resume)
		c.subscribe(1, "cmd")
		c.subscribe(0, "fleeting")
		c.disconnect()
		var want []string
		for i := range 150 {
			f.httpPublish("cmd", 1, fmt.Sprint(i))
			want = append(want, fmt.Sprint("cmd ", i))
		}
		f.httpPublish("fleeting", 1, "x")
		settle()
		c = f.dial("a", cert, persistent)
		require.True(t, c.resume)
		settle()
		require.Equal(t, want, c.got())
		require.Equal(t, []string{"QoS 0 and the subscriber is not connected"}, f.reasons(event.Dropped))
	})
}

// AWS.md §1: Unacknowledged QoS 1 in / out per client: 100 / 100: out: not sent.
// AWS.md §1: MaximumInflight 100.
func TestUnacknowledgedIsSentAgainOnTheNextConnection(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		c.subscribe(1, "cmd")
		c.stopAcknowledging()
		for i := range 103 {
			f.httpPublish("cmd", 1, fmt.Sprint(i))
		}
		settle()
		require.Len(t, c.got(), 100, "the window is 100")
		c.drop()
		c = f.dial("a", cert, persistent)
		settle()
		require.Len(t, c.got(), 103)
		require.False(t, c.header(0).Dup, "AWS does not set the flag")
		require.False(t, c.header(100).Dup)
		require.Equal(t, "cmd 0", c.got()[0])
		require.Empty(t, f.heard(event.Dropped))
	})
}

// AWS.md §1: Persistent session expiry: MQTT 3: 1 h after disconnect: queue
// discarded.
func TestSessionExpires(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		c.subscribe(1, "cmd")
		c.disconnect()
		f.httpPublish("cmd", 1, "late")
		time.Sleep(time.Hour + time.Second)
		require.Equal(t, []string{"the session expired"}, f.reasons(event.Dropped))
		c = f.dial("a", cert, persistent)
		require.False(t, c.resume)
		settle()
		require.Empty(t, c.got())
	})
}

func TestCleanSessionForgets(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		c.subscribe(1, "cmd")
		c.drop()
		c = f.dial("a", cert)
		require.False(t, c.resume)
		f.httpPublish("cmd", 1, "x")
		settle()
		require.Empty(t, c.got())
		c.drop()
		require.False(t, f.dial("a", cert, persistent).resume, "a clean session leaves nothing behind")
	})
}

// AWS.md §1: Retained: one per topic; zero-byte payload deletes; needs
// `iot:RetainPublish`; a wildcard subscription receives no retained messages.
func TestRetained(t *testing.T) {
	inBubble(t, func(f *fixture) {
		a := f.dial("a", f.thing("a", allowAll))
		require.True(t, a.retain("state/x", "on"))
		b := f.dial("b", f.thing("b", allowAll))
		b.subscribe(1, "state/+")
		settle()
		require.Empty(t, b.got(), "no retained message for a wildcard")
		b.subscribe(1, "state/x")
		settle()
		require.Equal(t, []string{"state/x on"}, b.got())
		require.True(t, b.header(0).Retain)
		require.True(t, a.retain("state/x", ""))
		settle()
		require.Equal(t, []string{"state/x on", "state/x "}, b.got(), "the deletion reaches subscribers")
		c := f.dial("c", f.thing("c", allowAll))
		c.subscribe(1, "state/x")
		settle()
		require.Empty(t, c.got())
	})
}

// AWS.md §1: `sensor/#` matches `sensor/x`, not `sensor`.
func TestParentIsNotMatchedAndOverlapIsSentOnce(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		c.subscribe(0, "sensor/#")
		c.subscribe(1, "sensor/+")
		f.httpPublish("sensor", 1, "parent")
		f.httpPublish("sensor/x", 1, "child")
		settle()
		require.Equal(t, []string{"sensor/x child"}, c.got())
		require.Equal(t, byte(1), c.header(0).Qos, "the highest QoS")
		require.True(t, c.unsubscribe("sensor/+"))
		f.httpPublish("sensor/x", 1, "again")
		settle()
		require.Equal(t, byte(0), c.header(1).Qos)
	})
}

// AWS.md §1: Subscriptions per connection / per SUBSCRIBE packet: 50 / 8: the
// excess is refused in SUBACK.
func TestSubscriptionLimits(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		var nine []string
		for i := range 9 {
			nine = append(nine, fmt.Sprint("f/", i))
		}
		require.Equal(t, []byte{1, 1, 1, 1, 1, 1, 1, 1, 0x80}, c.subscribe(1, nine...))
		for i := 8; i < 50; i++ {
			require.Equal(t, []byte{1}, c.subscribe(1, fmt.Sprint("f/", i)))
		}
		require.Equal(t, []byte{0x80}, c.subscribe(1, "f/50"))
		require.Equal(t, []byte{1}, c.subscribe(1, "f/0"), "a known filter is no new one")
	})
}

func TestBrokerRestartKeepsSessionsAndQueue(t *testing.T) {
	inBubble(t, func(f *fixture) {
		stop := f.serve("second:8883")
		cert := f.thing("a", allowAll)
		c := f.dialAt("second:8883", "a", cert, persistent)
		c.subscribe(1, "cmd")
		stop()
		<-c.done
		require.Equal(t, []string{"SERVER_INITIATED_DISCONNECT"}, f.reasons(event.Disconnected))
		f.httpPublish("cmd", 1, "while down")
		c = f.dial("a", cert, persistent)
		require.True(t, c.resume)
		settle()
		require.Equal(t, []string{"cmd while down"}, c.got())
	})
}

func TestDisconnect(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		require.True(t, f.core.Disconnect("a"))
		<-c.done
		settle()
		require.Equal(t, []string{"API_INITIATED_DISCONNECT"}, f.reasons(event.Disconnected))
		require.False(t, f.core.Disconnect("a"))
		require.Zero(t, f.core.Connected())
	})
}

package iotcore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// enforced runs a test of a Core that applies the quotas.
func enforced(t *testing.T, run func(f *fixture)) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{Enforce: true})
		defer f.close()
		run(f)
	})
}

// taken are the messages of clients that were accepted.
func (f *fixture) taken() []event.Event {
	return slices.DeleteFunc(f.heard(event.Accepted), func(e event.Event) bool { return e.Topic != "t/a" })
}

// say publishes at QoS 0 and does not wait.
func (c *client) say(topic, payload string) {
	_ = c.write(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish}, TopicName: topic, Payload: []byte(payload)})
}

// "Publish requests that exceed that quota are discarded": 100 a second a
// connection (AWS.md §1).
//
// AWS.md §1: Publish requests per second per connection (in + out): 100: discarded.
func TestPublishesOverTheQuotaAreDiscarded(t *testing.T) {
	enforced(t, func(f *fixture) {
		f.rule("All", "t/#", toKinesis("s"))
		c := f.dial("a", f.thing("a", allowAll))
		publish := func(n int) {
			for i := range n {
				c.say("t/a", fmt.Sprint(i))
			}
			synctest.Wait()
		}
		publish(103)
		time.Sleep(time.Millisecond)
		require.Equal(t, 100, len(f.taken()))
		discarded := f.heard(event.Discarded)
		require.Len(t, discarded, 3)
		require.Equal(t, "100", string(discarded[0].Payload))
		require.Equal(t, "publish", discarded[0].Action)
		require.Contains(t, discarded[0].Reason, "quota: more than 100 publish requests a second")
		require.Equal(t, 100, len(f.targets.took()))
		time.Sleep(time.Second)
		publish(5)
		require.Equal(t, 105, len(f.taken()), "the next second has its own")
		require.Empty(t, f.heard(event.Disconnected), "a device is not told")
	})
}

// A discarded QoS 1 publish gets no PUBACK; the connection goes on.
func TestADiscardedPublishIsNotAcknowledged(t *testing.T) {
	enforced(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		for i := range 100 {
			c.say("t/a", fmt.Sprint(i))
		}
		acked := make(chan bool, 1)
		go func() { acked <- c.publish("t/a", "late") }()
		time.Sleep(500 * time.Millisecond)
		require.Empty(t, acked)
		require.Len(t, f.heard(event.Discarded), 1)
		time.Sleep(time.Second)
		require.True(t, c.publish("t/a", "next"))
		c.disconnect()
		require.False(t, <-acked)
	})
}

// Deliveries count, too.
//
// AWS.md §1: Publish requests per second per connection (in + out): out.
func TestDeliveriesOverTheQuotaAreDiscarded(t *testing.T) {
	enforced(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		require.Equal(t, []byte{0}, c.subscribe(0, "t/a"))
		for i := range 103 {
			f.httpPublish("t/a", 0, fmt.Sprint(i))
		}
		synctest.Wait()
		require.Len(t, f.heard(event.Delivered), 100)
		require.Len(t, f.heard(event.Discarded), 3)
		require.Equal(t, "deliver", f.heard(event.Discarded)[0].Action)
		c.disconnect()
	})
}

// TestQoS1OverTheQuotaComesLater: a delivery of QoS 1 is repeated, in order.
func TestQoS1OverTheQuotaComesLater(t *testing.T) {
	enforced(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		require.Equal(t, []byte{1}, c.subscribe(1, "t/a"))
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		var want []string
		for i := range 250 {
			f.httpPublish("t/a", 1, fmt.Sprint(i))
			want = append(want, fmt.Sprint("t/a ", i))
		}
		time.Sleep(500 * time.Millisecond)
		require.Len(t, c.got(), 100)
		time.Sleep(time.Second)
		require.Len(t, c.got(), 200)
		time.Sleep(time.Second)
		require.Equal(t, want, c.got())
		require.Empty(t, f.heard(event.Discarded))
		f.httpPublish("t/a", 1, "after")
		settle()
		require.Len(t, c.got(), 251)
		c.disconnect()
	})
}

// 512 KiB a second of a connection: what is beyond is delayed, nothing discarded.
//
// AWS.md §1: Throughput per connection: 512 KiB/s: delayed.
func TestThroughputIsDelayed(t *testing.T) {
	enforced(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		began := time.Now()
		for range 9 { // 1,152 KiB
			c.say("t/a", strings.Repeat("x", 128<<10-3))
		}
		synctest.Wait()
		require.Equal(t, 4, len(f.taken()))
		time.Sleep(2500 * time.Millisecond)
		accepted := f.taken()
		require.Equal(t, 9, len(accepted))
		require.Equal(t, time.Second, accepted[4].At.Sub(began))
		require.Equal(t, 2*time.Second, accepted[8].At.Sub(began))
		require.Empty(t, f.heard(event.Discarded))
	})
}

// AWS.md §1: CONNECT per second, … per client id: 1: throttled.
func TestConnectsOfOneClientIDAreThrottled(t *testing.T) {
	enforced(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		f.dial("a", cert).disconnect()
		time.Sleep(500 * time.Millisecond)
		_, err := f.tryDial("a", cert)
		require.ErrorIs(t, err, errRefused)
		require.Contains(t, f.reasons(event.ConnectRefused)[0], "less than a second before")
		time.Sleep(time.Second)
		f.dial("a", cert).disconnect()
	})
}

func TestWithoutEnforceRatesAreFree(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		for i := range 300 {
			c.say("t/a", fmt.Sprint(i))
		}
		synctest.Wait()
		require.Equal(t, 300, len(f.taken()))
	})
}

package iotcore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// TestMemberLeavesMeanwhile: a message whose member's session ended after it was chosen
// goes to another.
func TestMemberLeavesMeanwhile(t *testing.T) {
	inBubble(t, func(f *fixture) {
		const filter = "$share/g/t"
		members := map[string]*client{}
		for _, id := range []string{"a", "b"} {
			members[id] = f.dial(id, f.thing(id, allowAll))
			require.Equal(t, []byte{1}, members[id].subscribe(1, filter))
		}
		b := f.core.broker
		m := &message.Message{Topic: "t", Payload: []byte("x"), QoS: 1, ClientID: message.OffMQTT}
		chosen, ok := b.chosen(filter, m)
		require.True(t, ok)
		first := chosen.outbox.clientID
		members[first].disconnect()
		settle()
		require.False(t, chosen.outbox.take(chosen.outgoing(m)), "its session ended")
		require.Empty(t, f.heard(event.Dropped), "another may get it")
		b.deliverShared(m)
		settle()
		delete(members, first)
		for _, other := range members {
			require.Equal(t, []string{"t x"}, other.got())
			other.disconnect()
		}
		settle()
		_, ok = b.chosen(filter, m)
		require.False(t, ok)
		require.Equal(t, []string{groupEnded}, f.reasons(event.Dropped))
	})
}

// TestEndedOutbox: what comes to a session that ended is dropped, and the tap is told.
func TestEndedOutbox(t *testing.T) {
	var told []event.Event
	o := &outbox{clientID: "a", emit: func(e event.Event) { told = append(told, e) }, queued: func(string, *message.Message, string) {}}
	o.discard("the session expired")
	for _, qos := range []byte{0, 1} {
		o.push(outgoing{message: &message.Message{Topic: "t"}, qos: qos})
	}
	require.Len(t, told, 2)
	for _, e := range told {
		require.Equal(t, []any{event.Dropped, "a", "t", "the session expired"}, []any{e.Kind, e.ClientID, e.Topic, e.Reason})
	}
}

// TestSharedGroupsAreLimited: 100 an account.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
func TestSharedGroupsAreLimited(t *testing.T) {
	inBubble(t, func(f *fixture) {
		for _, id := range []string{"a", "b"} {
			c := f.dial(id, f.thing(id, allowAll))
			for i := range maxGroups / 2 {
				require.Equal(t, []byte{1}, c.subscribe(1, fmt.Sprintf("$share/%s/%d", id, i)))
			}
		}
		c := f.dial("c", f.thing("c", allowAll))
		require.Equal(t, []byte{0x80, 1, 1}, c.subscribe(1, "$share/c/0", "$share/a/0", "plain"))
	})
}

package broker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// TestMemberLeavesMeanwhile: a message whose member's session ended after it was chosen
// goes to another.
func TestMemberLeavesMeanwhile(t *testing.T) {
	const filter = "$share/g/t"
	var told []event.Event
	b := New(Config{Emit: func(e event.Event) { told = append(told, e) }, Logs: logging.New(logging.Config{})})
	members := map[string]*link{}
	for _, id := range []string{"a", "b"} {
		l := &link{Conn: &written{}, protocol: 4, clientID: id, clean: true, authority: &authorizer{iam: true}}
		require.NoError(t, b.claim(l))
		require.True(t, b.enlistFilter(l.session, filter, 1))
		l.session.outbox.attach(l)
		members[id] = l
	}
	leave := func(id string) {
		members[id].session.outbox.detach()
		b.release(members[id])
		delete(members, id)
	}
	m := &message.Message{Topic: "t", Payload: []byte("x"), QoS: 1, ClientID: message.OffMQTT}
	chosen, ok := b.chosen(filter, m)
	require.True(t, ok)
	leave(chosen.outbox.clientID)
	require.False(t, chosen.outbox.take(chosen.outgoing(m)), "its session ended")
	require.Empty(t, told, "another may get it")
	b.deliverShared(m)
	for id, l := range members {
		require.Len(t, told, 1)
		require.Equal(t, []any{event.Delivered, id}, []any{told[0].Kind, told[0].ClientID})
		l.session.outbox.ack(1)
		leave(id)
	}
	_, ok = b.chosen(filter, m)
	require.False(t, ok)
	require.Len(t, told, 2)
	require.Equal(t, []any{event.Dropped, groupEnded}, []any{told[1].Kind, told[1].Reason})
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

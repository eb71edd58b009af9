package broker

import (
	"errors"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// refusedFilter is the return code of a filter in a SUBACK of MQTT 3.1.1 that was
// not taken.
const refusedFilter = 0x80

// subscribe carries out a SUBSCRIBE and writes the SUBACK, then the retained
// messages. An error disconnects the client.
func (b *Broker) subscribe(l *link, pk *packets.Packet) error {
	if code := pk.SubscribeValidate(); code != packets.CodeSuccess {
		return &breach{clientError, code.Reason, code.Code}
	}
	if len(pk.Properties.SubscriptionIdentifier) > 0 {
		code := packets.ErrSubscriptionIdentifiersNotSupported
		return &breach{clientError, code.Reason, code.Code}
	}
	b.emit(event.Event{Kind: event.Subscribed, ClientID: l.clientID, Thing: l.authority.thing(), Filters: filtersOf(pk.Filters)})
	grants := make([]grant, len(pk.Filters))
	for i, sub := range pk.Filters {
		err := b.permitSubscribe(l, sub)
		if grants[i].refusal, err = l.refuseFilter(err); err != nil {
			return err
		}
	}
	b.addSubscriptions(l, pk.Filters, grants)
	suback := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Suback}, PacketID: pk.PacketID}
	var granted []string
	for i, g := range grants {
		suback.ReasonCodes = append(suback.ReasonCodes, g.code(pk.Filters[i]))
		if g.refusal == 0 {
			granted = append(granted, pk.Filters[i].Filter)
		}
	}
	if b.logs.On() {
		b.logs.Write(subscribed(l, pk, suback.ReasonCodes))
	}
	if err := l.send(suback); err != nil {
		return &breach{reason: connectionLost, text: err.Error()}
	}
	for i, g := range grants {
		if g.refusal == 0 {
			b.sendRetained(l, pk.Filters[i], g.known)
		}
	}
	b.collect(l.session)
	b.announceTopics(l, "subscribed", granted)
	return nil
}

func filtersOf(subs packets.Subscriptions) []string {
	filters := make([]string, len(subs))
	for i, sub := range subs {
		filters[i] = sub.Filter
	}
	return filters
}

// grant is what became of a filter of a SUBSCRIBE.
type grant struct {
	refusal byte // reason code; 0 is granted
	known   bool // the subscription was there before
}

func (g grant) code(sub packets.Subscription) byte {
	if g.refusal != 0 {
		return g.refusal
	}
	return sub.Qos
}

// refuseFilter finds the code for a filter that may not be subscribed to: MQTT 5
// refuses the filter, MQTT 3.1.1 the connection.
func (l *link) refuseFilter(err error) (byte, error) {
	var refusal *breach
	if l.protocol < 5 || !errors.As(err, &refusal) || refusal.reason == clientError && refusal.code != packets.ErrTopicFilterInvalid.Code {
		return 0, err
	}
	if refusal.reason == authError {
		return packets.ErrNotAuthorized.Code, nil
	}
	return refusal.code, nil
}

func (b *Broker) permitSubscribe(l *link, sub packets.Subscription) error {
	e := event.Event{ClientID: l.clientID, Thing: l.authority.thing(), Topic: sub.Filter, QoS: sub.Qos, From: l.from}
	if sub.Qos > 1 {
		return b.reject(e, "subscribe", "QoS 2 is not available", packets.ErrQosNotSupported)
	}
	if _, _, ok := topic.Shared(sub.Filter); ok && sub.NoLocal { // MQTT 5, 3.8.3-4
		return &breach{reason: clientError, text: "no local and a shared subscription"}
	}
	if sub.RetainHandling > 2 { // MQTT 5, 3.8.3.1
		return &breach{reason: clientError, text: "retain handling is 0, 1 or 2"}
	}
	if err := topic.CheckFilter(sub.Filter); err != nil {
		return b.reject(e, "subscribe", err.Error(), packets.ErrTopicFilterInvalid)
	}
	if !l.authority.allows("iot:Subscribe", "topicfilter", sub.Filter) {
		return b.deny(e, &denial{"iot:Subscribe", "topicfilter/" + sub.Filter})
	}
	return nil
}

// addSubscriptions enters subscriptions up to AWS's limits, 8 a SUBSCRIBE and 50
// a connection; the excess is refused in the SUBACK (AWS.md §1).
func (b *Broker) addSubscriptions(l *link, subs packets.Subscriptions, grants []grant) {
	excess := byte(refusedFilter)
	if l.protocol == 5 {
		excess = packets.ErrQuotaExceeded.Code
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	for i, sub := range subs {
		if grants[i].refusal != 0 {
			continue
		}
		_, known := s.filters[sub.Filter]
		if i >= maxFiltersPerSubscribe || !known && len(s.filters) >= maxSubscriptions {
			grants[i].refusal = excess
			continue
		}
		grants[i].known = known
		if !b.enlistFilter(s, sub.Filter, subscriptionOf(sub)) {
			grants[i].refusal = excess
		}
	}
}

// sendRetained sends the retained message of a topic, unless the client of MQTT 5
// asked for none (retain handling). A filter with wildcards gets none (AWS.md §1),
// because no topic has its name.
func (b *Broker) sendRetained(l *link, sub packets.Subscription, known bool) {
	if sub.RetainHandling == 2 || sub.RetainHandling == 1 && known {
		return
	}
	if k, ok := b.Retained(sub.Filter); ok {
		l.session.outbox.push(outgoing{message: k.Message, qos: min(k.QoS, sub.Qos), retain: true})
	}
}

func (b *Broker) unsubscribe(l *link, pk *packets.Packet) error {
	if code := pk.UnsubscribeValidate(); code != packets.CodeSuccess {
		return &breach{clientError, code.Reason, code.Code}
	}
	codes, filters := b.removeSubscriptions(l, pk.Filters)
	if b.logs.On() {
		b.logs.Write(clientEntry("Unsubscribe", l))
	}
	err := l.send(&packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Unsuback}, PacketID: pk.PacketID, ReasonCodes: codes,
	})
	if err != nil {
		return &breach{reason: connectionLost, text: err.Error()}
	}
	b.announceTopics(l, "unsubscribed", filters)
	return nil
}

// removeSubscriptions returns the reason codes of MQTT 5, and what was removed.
func (b *Broker) removeSubscriptions(l *link, subs packets.Subscriptions) (codes []byte, removed []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	for _, sub := range subs {
		if _, ok := s.filters[sub.Filter]; !ok {
			codes = append(codes, packets.CodeNoSubscriptionExisted.Code)
			continue
		}
		b.unlist(s, sub.Filter)
		codes = append(codes, packets.CodeSuccess.Code)
		removed = append(removed, sub.Filter)
	}
	return codes, removed
}

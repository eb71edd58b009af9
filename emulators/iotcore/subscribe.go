package iotcore

import (
	"github.com/mochi-mqtt/server/v2/packets"
)

// refusedFilter is the return code of a filter in a SUBACK that was not taken.
const refusedFilter = 0x80

// subscribe carries out a SUBSCRIBE and writes the SUBACK, then the retained
// messages. An error disconnects the client.
func (b *broker) subscribe(l *link, pk *packets.Packet) error {
	if code := pk.SubscribeValidate(); code != packets.CodeSuccess {
		return &breach{clientError, code.Reason}
	}
	for _, sub := range pk.Filters {
		if err := b.permitSubscribe(l, sub); err != nil {
			return err
		}
	}
	codes, granted := b.addSubscriptions(l, pk.Filters)
	err := l.send(&packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Suback}, PacketID: pk.PacketID, ReasonCodes: codes,
	})
	if err != nil {
		return &breach{connectionLost, err.Error()}
	}
	for i, sub := range pk.Filters {
		if codes[i] != refusedFilter {
			b.sendRetained(l, sub.Filter, codes[i])
		}
	}
	b.announceTopics(l, "subscribed", granted)
	return nil
}

func (b *broker) permitSubscribe(l *link, sub packets.Subscription) error {
	e := Event{ClientID: l.clientID, Thing: l.authority.thing(), Topic: sub.Filter, QoS: sub.Qos}
	if sub.Qos > 1 {
		return b.reject(e, "subscribe", "QoS 2 is not available")
	}
	if err := checkFilter(sub.Filter); err != nil {
		return b.reject(e, "subscribe", err.Error())
	}
	if !l.authority.allows("iot:Subscribe", "topicfilter/"+sub.Filter) {
		return b.deny(e, &denial{"iot:Subscribe", "topicfilter/" + sub.Filter})
	}
	return nil
}

// addSubscriptions enters subscriptions up to AWS's limits, 8 a SUBSCRIBE and 50
// a connection; the excess is refused in the SUBACK.
func (b *broker) addSubscriptions(l *link, subs packets.Subscriptions) (codes []byte, granted []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	for i, sub := range subs {
		_, known := s.filters[sub.Filter]
		if i >= maxFiltersPerSubscribe || !known && len(s.filters) >= maxSubscriptions {
			codes = append(codes, refusedFilter)
			continue
		}
		s.filters[sub.Filter] = sub.Qos
		b.index.set(sub.Filter, s.id, sub.Qos)
		codes = append(codes, sub.Qos)
		granted = append(granted, sub.Filter)
	}
	return codes, granted
}

// sendRetained sends the retained message of a topic. A filter with wildcards
// gets none (AWS.md §1), because no topic has its name.
func (b *broker) sendRetained(l *link, filter string, qos byte) {
	if k, ok := b.retainedOn(filter); ok {
		l.session.outbox.push(outgoing{message: k.message, qos: min(k.qos, qos), retain: true})
	}
}

func (b *broker) unsubscribe(l *link, pk *packets.Packet) error {
	if code := pk.UnsubscribeValidate(); code != packets.CodeSuccess {
		return &breach{clientError, code.Reason}
	}
	filters := b.removeSubscriptions(l, pk.Filters)
	err := l.send(&packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Unsuback}, PacketID: pk.PacketID,
	})
	if err != nil {
		return &breach{connectionLost, err.Error()}
	}
	b.announceTopics(l, "unsubscribed", filters)
	return nil
}

func (b *broker) removeSubscriptions(l *link, subs packets.Subscriptions) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	var removed []string
	for _, sub := range subs {
		if _, ok := s.filters[sub.Filter]; !ok {
			continue
		}
		delete(s.filters, sub.Filter)
		b.index.remove(sub.Filter, s.id)
		removed = append(removed, sub.Filter)
	}
	return removed
}

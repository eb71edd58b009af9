package sns

import (
	"context"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxEnded bounds the subscriptions that are kept for who wants them back; the oldest go
// first.
const maxEnded = 1000

// Unsubscribe ends a subscription; one that is gone is no error. A web server that had
// confirmed its own is told, and how to have it back.
// https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html
func (s *State) Unsubscribe(_ context.Context, in *SubscriptionRef) (*Empty, error) {
	sub, from, err := s.end(in.SubscriptionArn)
	switch {
	case isNotFound(err):
		return &Empty{}, nil
	case err != nil:
		return nil, err
	case sub != nil:
		s.tell(from, sub)
	}
	return &Empty{}, nil
}

// end takes a subscription from its topic. It answers one whose endpoint is to be told.
func (s *State) end(arn string) (told *subscription, from sender, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(arn)
	if err != nil {
		return nil, from, err
	}
	t := sub.topic
	t.subscriptions = slices.DeleteFunc(slices.Clone(t.subscriptions), func(o *subscription) bool { return o == sub })
	if sub.protocol != "http" && sub.protocol != "https" || sub.waits() {
		return nil, from, nil
	}
	sub.asked = time.Now()
	s.ended = append(s.ended, sub)
	if n := len(s.ended) - maxEnded; n > 0 {
		s.ended = s.ended[n:]
	}
	return sub, s.sender(t), nil
}

// tell tells an endpoint that its subscription has ended.
// https://docs.aws.amazon.com/sns/latest/dg/http-unsubscribe-confirmation-json.html
func (s *State) tell(from sender, sub *subscription) {
	e := envelope{
		Type: "UnsubscribeConfirmation", MessageId: wire.NewRequestID(), Token: sub.token, TopicArn: from.topic,
		Message:      "You have chosen to deactivate subscription " + sub.arn + ".\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
		SubscribeURL: s.confirmationURL(from.topic, sub.token),
	}
	e.sign(from.signatures)
	s.hand(sub, notice{kind: e.Type, id: e.MessageId, topic: from.topic, body: e.text()})
}

// restore gives a topic back a subscription that has ended, unless its endpoint has made
// another one since; the caller holds the lock.
func (s *State) restore(t *topic, token string) (arn string, ok bool) {
	i := slices.IndexFunc(s.ended, func(sub *subscription) bool {
		return sub.topic == t && sub.token == token && time.Since(sub.asked) < tokenGood
	})
	if i < 0 {
		return "", false
	}
	back, err := s.add(t, s.ended[i], false)
	if err != nil {
		return "", false
	}
	s.ended = slices.Delete(s.ended, i, i+1)
	back.confirmed = true
	return back.arn, true
}

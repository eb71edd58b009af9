package sns

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ask sends an endpoint what it confirms its subscription with.
// https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
func (s *State) ask(from sender, sub *subscription) {
	topicARN := from.topic
	e := envelope{
		Type: "SubscriptionConfirmation", MessageId: wire.NewRequestID(), Token: sub.token, TopicArn: topicARN,
		Message:      "You have chosen to subscribe to the topic " + topicARN + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
		SubscribeURL: s.confirmationURL(topicARN, sub.token),
	}
	e.sign(from.signatures)
	s.hand(sub, notice{kind: e.Type, id: e.MessageId, topic: topicARN, from: usualSender, subject: "AWS Notification - Subscription Confirmation", text: e.Message + "\n" + e.SubscribeURL, body: e.text()})
}

// confirmationURL is what an endpoint visits to confirm a subscription.
func (s *State) confirmationURL(topicARN, token string) string {
	return s.config.Endpoint + "/?" + url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {topicARN}, "Token": {token}, "Version": {"2010-03-31"}}.Encode()
}

// ConfirmSubscriptionInput is the token that an endpoint was sent.
type ConfirmSubscriptionInput struct {
	TopicArn, Token           string
	AuthenticateOnUnsubscribe string
}

// tokenGood is how long a token can confirm: "Confirmation tokens are valid for two days."
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
const tokenGood = 48 * time.Hour

// ConfirmSubscription confirms a subscription; again is no error. It brings one back that
// has ended.
func (s *State) ConfirmSubscription(_ context.Context, in *ConfirmSubscriptionInput) (*SubscribeOutput, error) {
	if in.AuthenticateOnUnsubscribe != "" {
		if strict, err := strconv.ParseBool(in.AuthenticateOnUnsubscribe); err != nil || strict {
			return nil, invalid("AuthenticateOnUnsubscribe", "true is not implemented by Shakedown: signatures are not verified")
		}
	}
	var arn string
	_, err := s.onTopic(in.TopicArn, func(t *topic) error {
		for _, sub := range t.subscriptions {
			if in.Token != "" && sub.token == in.Token && (sub.confirmed || time.Since(sub.asked) < tokenGood) {
				sub.confirmed, arn = true, sub.arn
				return nil
			}
		}
		var ok bool
		if arn, ok = s.restore(t, in.Token); ok {
			return nil
		}
		return invalid("Token", "the token is of no subscription of this topic, or older than two days")
	})
	return &SubscribeOutput{arn}, err
}

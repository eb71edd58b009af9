package sns

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// hand delivers a notice to a subscription, or queues it for Run.
func (s *State) hand(sub *subscription, n notice) {
	var err error
	switch sub.protocol {
	case "sqs":
		err = s.config.Queue.Deliver(s.as(n), sub.endpoint, n.delivery)
	case "lambda":
		err = s.config.Functions.InvokeAsync(s.as(n), sub.endpoint, n.event)
	case "http", "https":
		err = s.post(sub, n)
	default:
		s.record(sub, n)
	}
	if err != nil {
		s.failed(sub, n, err)
	}
}

// as is who delivers: SNS, for the topic. The policies of queues and functions are asked.
func (s *State) as(n notice) context.Context {
	return policy.WithCaller(context.Background(), policy.Caller{Service: "sns.amazonaws.com", SourceARN: n.topic, SourceAccount: s.id.Account})
}

// failed sends what could not be delivered to the dead-letter queue.
func (s *State) failed(sub *subscription, n notice, why error) {
	s.mu.Lock()
	redrive := sub.attributes["RedrivePolicy"]
	s.mu.Unlock()
	if redrive != "" && n.kind == "Notification" {
		target, err := deadLetterOf(redrive)
		if err == nil {
			letter := n.delivery
			letter.Attributes = nil
			if !strings.HasSuffix(target, ".fifo") {
				letter.Group, letter.Deduplication = "", ""
			}
			if err = s.config.Queue.Deliver(s.as(n), target, letter); err == nil {
				return
			}
		}
		why = errors.Join(why, err)
	}
	s.log.Warn("undelivered", "topic", n.topic, "endpoint", sub.endpoint, "error", why)
}

// Mail is an e-mail that would have been sent.
type Mail struct {
	At                      time.Time
	From, To, Subject, Text string // From is a name
}

// maxMails bounds the mails that are kept; the oldest go first.
const maxMails = 1000

func (s *State) record(sub *subscription, n notice) {
	text := n.text
	if sub.protocol == "email-json" {
		text = n.body
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, Mail{time.Now(), n.from, sub.endpoint, n.subject, text})
	if len(s.mails) > maxMails {
		s.mails = s.mails[len(s.mails)-maxMails:]
	}
}

// Mails are those recorded, oldest first: at most 1,000.
func (s *State) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.mails...)
}

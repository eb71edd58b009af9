package sns

import "cmp"

// usualSender is whom e-mails are from that a topic has no name for, and all that ask to
// confirm.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
const usualSender = "AWS Notifications"

// sender is what endpoints see of a topic.
type sender struct {
	topic      string // its ARN
	fifo       bool
	display    string // its DisplayName
	signatures string // their version
}

// sender describes a topic; the caller holds the lock.
func (s *State) sender(t *topic) sender {
	return sender{s.arn(t.name), t.fifo, t.attributes["DisplayName"], cmp.Or(t.attributes["SignatureVersion"], "1")}
}

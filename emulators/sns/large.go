package sns

import "strconv"

// Bounds of a topic's MaximumMessageSize, in bytes: from, until changed, to.
// https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
const (
	leastMessage = 1 << 10
	usualMessage = 256 << 10
	largeMessage = 1 << 20
)

// maxLargeSubscriptions is how many a topic may have for messages over usualMessage.
const maxLargeSubscriptions = 100

// maximum is the largest message the topic takes, with its attributes.
func (t *topic) maximum() int {
	if n, err := strconv.Atoi(t.attributes["MaximumMessageSize"]); err == nil {
		return n
	}
	return usualMessage
}

// checkMaximum checks a new MaximumMessageSize: a large one is for few subscriptions,
// and not for all kinds.
func (t *topic) checkMaximum(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < leastMessage || n > largeMessage {
		return invalid("Attributes", "MaximumMessageSize must be 1024 to 1048576")
	}
	if n <= usualMessage {
		return nil
	}
	if len(t.subscriptions) > maxLargeSubscriptions {
		return largeOnly()
	}
	for _, sub := range t.subscriptions {
		if !takesLarge(sub.protocol) {
			return largeOnly()
		}
	}
	return nil
}

// takesLarge tells whether endpoints of a protocol take messages over usualMessage.
func takesLarge(protocol string) bool { return protocol == "sqs" || protocol == "lambda" }

func largeOnly() error {
	return invalid("MaximumMessageSize", "a topic with one above 262144 has at most 100 subscriptions, which are of protocol sqs, lambda or firehose")
}

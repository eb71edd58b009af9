package sns

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Quotas of an account and of a topic, as they are until somebody asks for more. AWS has
// room for 12.5 million subscriptions of a standard topic.
// https://docs.aws.amazon.com/general/latest/gr/sns.html
const (
	maxTopics            = 100_000
	maxFIFOTopics        = 1000
	maxSubscriptions     = 10_000
	maxFIFOSubscriptions = 100
	maxPending           = 5000
	maxFilters           = 200
	maxAccountFilters    = 10_000
)

// roomForTopic refuses a topic over the quota; the caller holds the lock.
func (s *State) roomForTopic(fifo bool) error {
	most, kind, n := maxTopics, "standard", 0
	if fifo {
		most, kind = maxFIFOTopics, "FIFO"
	}
	for _, t := range s.topics {
		if t.fifo == fifo {
			n++
		}
	}
	if n >= most {
		return wire.Errorf("TopicLimitExceeded", http.StatusForbidden, "an account has at most %d %s topics", most, kind)
	}
	return nil
}

// roomForSubscription refuses one over the quotas; the caller holds the lock.
func (s *State) roomForSubscription(t *topic, confirms, filtered bool) error {
	most := maxSubscriptions
	if t.fifo {
		most = maxFIFOSubscriptions
	}
	if len(t.subscriptions) >= most {
		return wire.Errorf("SubscriptionLimitExceeded", http.StatusForbidden, "a topic has at most %d subscriptions", most)
	}
	if confirms && s.counted(func(sub *subscription) bool { return sub.waits() }) >= maxPending {
		return wire.Errorf("SubscriptionLimitExceeded", http.StatusForbidden, "an account has at most %d subscriptions that are not confirmed", maxPending)
	}
	if filtered {
		return s.roomForFilter(t)
	}
	return nil
}

// roomForFilter refuses a filter policy over the quotas; the caller holds the lock.
func (s *State) roomForFilter(t *topic) error {
	filters := func(sub *subscription) bool { return sub.filter != nil }
	if countOf(t, filters) >= maxFilters || s.counted(filters) >= maxAccountFilters {
		return wire.Errorf("FilterPolicyLimitExceeded", http.StatusForbidden, "a topic has at most %d filter policies and an account %d", maxFilters, maxAccountFilters)
	}
	return nil
}

// counted counts the subscriptions of the account that something is true of.
func (s *State) counted(is func(*subscription) bool) int {
	n := 0
	for _, t := range s.topics {
		n += countOf(t, is)
	}
	return n
}

func countOf(t *topic, is func(*subscription) bool) int {
	n := 0
	for _, sub := range t.subscriptions {
		if is(sub) {
			n++
		}
	}
	return n
}

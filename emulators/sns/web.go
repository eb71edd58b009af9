package sns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Bounds of web deliveries: how many wait or are under way, of those how many to one
// endpoint at once, how long one takes, how often and when it is tried again.
// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
const (
	maxWeb      = 1000
	webAtOnce   = 16
	webTimeout  = 15 * time.Second
	webRetries  = 3
	webInterval = 20 * time.Second
	maxAnswer   = 64 << 10
)

type webDelivery struct {
	sub *subscription
	notice
}

var errWebFull = errors.New("too many deliveries to web servers are waiting")

// post queues a delivery for Run.
func (s *State) post(sub *subscription, n notice) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sending >= maxWeb {
		return errWebFull
	}
	s.sending++
	s.web <- webDelivery{sub, n} // there is room for all that wait
	return nil
}

// Idle tells that no delivery to a web server is on its way.
func (s *State) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sending == 0
}

// Run delivers to web servers until ctx ends, and waits for what is under way. What is to
// be tried again waits by itself, and an endpoint that does not answer holds up its own
// notices only.
func (s *State) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	for {
		select {
		case d := <-s.web:
			group.Go(func() { s.try(ctx, d) })
		case <-ctx.Done():
			return nil
		}
	}
}

// try delivers with retries.
func (s *State) try(ctx context.Context, d webDelivery) {
	defer func() {
		s.mu.Lock()
		s.sending--
		s.mu.Unlock()
	}()
	var err error
	for attempt := range 1 + webRetries {
		if attempt > 0 && !pass(ctx, webInterval) {
			return
		}
		select {
		case d.sub.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		var again bool
		again, err = s.send(ctx, d)
		<-d.sub.slots
		if err == nil {
			return
		}
		if !again || ctx.Err() != nil {
			break
		}
	}
	s.failed(d.sub, d.notice, err)
}

// pass lets time pass; it reports whether ctx goes on.
func pass(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send posts once. A 4xx other than 429 is not tried again.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
func (s *State) send(ctx context.Context, d webDelivery) (again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, webTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.sub.endpoint, strings.NewReader(d.body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	r.Header.Set("User-Agent", "Amazon Simple Notification Service Agent")
	r.Header.Set("X-Amz-Sns-Message-Type", d.kind)
	r.Header.Set("X-Amz-Sns-Message-Id", d.id)
	r.Header.Set("X-Amz-Sns-Topic-Arn", d.topic)
	if d.kind != "SubscriptionConfirmation" {
		r.Header.Set("X-Amz-Sns-Subscription-Arn", d.sub.arn)
	}
	if d.raw {
		r.Header.Set("X-Amz-Sns-Rawdelivery", "true")
	}
	answer, err := s.config.Web.Do(r)
	if err != nil {
		return true, err
	}
	defer answer.Body.Close()
	// Read to its end, so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return false, nil
	}
	again = answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
	return again, fmt.Errorf("%s answered %s", d.sub.endpoint, answer.Status)
}

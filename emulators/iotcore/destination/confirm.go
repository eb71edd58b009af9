package destination

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Timeout bounds a confirmation message, as that of an http action (AWS.md §2); maxAnswer
// is what is read of the answer.
const (
	Timeout   = 3 * time.Second
	maxAnswer = 16384
)

// ConfirmPrefix is the path of the link in a message, before the token.
const ConfirmPrefix = "/confirmdestination/"

// challenge is a confirmation message that is due.
type challenge struct {
	arn, url, token string
	sent            time.Time
}

// message is the body of a confirmation message.
type message struct {
	ARN         string `json:"arn"`
	Token       string `json:"confirmationToken"`
	EnableURL   string `json:"enableUrl"`
	MessageType string `json:"messageType"`
}

// begin starts a confirmation; the caller holds the lock, and sends the challenge when
// it has let go.
func (d *destination) begin() challenge {
	var secret [48]byte
	rand.Read(secret[:])
	now := time.Now()
	d.status, d.token, d.sent, d.updated = InProgress, hex.EncodeToString(secret[:]), now, now
	d.reason = awaiting(now, "no response received from the endpoint")
	return challenge{d.arn, d.url, d.token, now}
}

func awaiting(sent time.Time, answer string) string {
	return fmt.Sprintf("Awaiting confirmation. Confirmation message sent on %s; %s.", stamp(sent), answer)
}

// send posts a confirmation message and notes what came of it, if the destination
// still waits for this one.
func (s *State) send(ctx context.Context, c challenge) {
	status, err := s.post(ctx, c)
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byARN[c.arn]
	if d == nil || d.token != c.token || d.status != InProgress {
		return
	}
	d.reason = awaiting(c.sent, "the endpoint answered "+status)
	if err != nil {
		d.status, d.updated = Failed, time.Now()
		d.reason = fmt.Sprintf("Confirmation message sent on %s did not reach the endpoint: %s", stamp(c.sent), err)
	}
}

// post sends one message, and answers the status of the server.
// https://docs.aws.amazon.com/iot/latest/developerguide/http-action-destination.html
func (s *State) post(ctx context.Context, c challenge) (string, error) {
	to, err := url.Parse(c.url)
	if err != nil {
		return "", err
	}
	query := to.Query()
	query.Set("confirmationToken", c.token)
	to.Path, to.RawQuery = strings.TrimSuffix(to.Path, "/")+"/", query.Encode()
	// Strings always encode.
	body, _ := json.Marshal(message{c.arn, c.token, strings.TrimSuffix(s.config.API, "/") + ConfirmPrefix + c.token, "DestinationConfirmation"})
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("x-amz-rules-engine-message-type", "DestinationConfirmation")
	r.Header.Set("x-amz-rules-engine-destination-arn", c.arn)
	response, err := s.config.Web.Do(r)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err // without the URL, which has the token
	}
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer)); err != nil {
		return "", err
	}
	return response.Status, nil
}

// ConfirmInput is the request of ConfirmTopicRuleDestination.
type ConfirmInput struct {
	Token string `json:"-" path:"confirmationToken"`
}

// Confirm takes back the token of a message: the destination is confirmed, and
// DISABLED until it is updated.
func (s *State) Confirm(_ context.Context, in *ConfirmInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.byARN {
		if d.token != in.Token {
			continue
		}
		switch d.now() {
		case Failed:
			return nil, invalid("ConfirmTopicRuleDestination: %s", d.reason)
		case InProgress:
			d.set(Disabled)
		}
		return &Empty{}, nil
	}
	return nil, invalid("ConfirmTopicRuleDestination: the token is of no destination, or not of its last message")
}

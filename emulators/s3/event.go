package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/rclone/gofakes3"
)

const (
	subject = "Amazon S3 Notification"
	hostID  = "shakedown"
)

// change is what happened to an object.
type change struct {
	bucket, key, event string
	version            gofakes3.VersionID
	object             object // one that was created
}

// tell queues the events of a change, with the lock that orders changes.
func (s *State) tell(b *bucket, what change) {
	if b.notify == nil {
		return
	}
	s.events.mu.Lock()
	defer s.events.mu.Unlock()
	s.events.sequence++
	for _, n := range b.notify.all() {
		if n.wants(what.event, what.key) {
			s.events.waiting = append(s.events.waiting, pending{to: *n, what: what, at: time.Now(), sequence: s.events.sequence})
		}
	}
	select {
	case s.events.wake <- struct{}{}:
	default:
	}
}

// remove is bucket.remove, and tells it.
func (s *State) remove(b *bucket, bucketName, key string) (gofakes3.ObjectDeleteResult, error) {
	if err := s.events.room(b); err != nil {
		return gofakes3.ObjectDeleteResult{}, err
	}
	before := b.objects.Len()
	result := b.remove(key)
	switch {
	case result.IsDeleteMarker:
		s.tell(b, change{bucketName, key, removedMarker, result.VersionID, object{}})
	case b.objects.Len() < before:
		s.tell(b, change{bucketName, key, removedDelete, "", object{}})
	}
	return result, nil
}

// removeVersion is bucket.removeVersion, and tells it.
func (s *State) removeVersion(b *bucket, bucketName, key, id string) (gofakes3.ObjectDeleteResult, error) {
	if err := s.events.room(b); err != nil {
		return gofakes3.ObjectDeleteResult{}, err
	}
	result, removed := b.removeVersion(key, id)
	if removed {
		s.tell(b, change{bucketName, key, removedDelete, result.VersionID, object{}})
	}
	return result, nil
}

func slowDown(key string) *failure {
	return &failure{key, "SlowDown", "Please reduce your request rate"}
}

func (s *State) deliver(ctx context.Context, p pending) error {
	message, err := json.Marshal(map[string]any{"Records": []any{s.record(p)}})
	if err != nil {
		return fmt.Errorf("s3 event: %w", err)
	}
	ctx = s.as(ctx, p.what.bucket)
	switch {
	case p.to.Topic != "":
		return s.config.Targets.Topic(ctx, p.to.Topic, subject, string(message))
	case p.to.Queue != "":
		return s.config.Targets.Queue(ctx, p.to.Queue, string(message))
	}
	return s.config.Targets.Function(ctx, p.to.Function, message)
}

func eventTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// record is an event as its target reads it. The request's ID is made of the sequence.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
func (s *State) record(p pending) any {
	type m = map[string]any
	sequence := fmt.Sprintf("%016X", p.sequence)
	of := m{"key": url.QueryEscape(p.what.key), "sequencer": sequence}
	if strings.HasPrefix(p.what.event, "s3:ObjectCreated:") {
		of["size"], of["eTag"] = len(p.what.object.body), strings.Trim(p.what.object.etag(), `"`)
	}
	if p.what.version != "" {
		of["versionId"] = string(p.what.version)
	}
	owner := m{"principalId": s.config.Identity.Account}
	return m{
		"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": s.config.Identity.Region,
		"eventTime": eventTime(p.at), "eventName": strings.TrimPrefix(p.what.event, "s3:"),
		"userIdentity":      m{"principalId": "AWS:" + s.config.Identity.Account},
		"requestParameters": m{"sourceIPAddress": "127.0.0.1"},
		"responseElements":  m{"x-amz-request-id": sequence, "x-amz-id-2": hostID},
		"s3": m{
			"s3SchemaVersion": "1.0", "configurationId": p.to.ID,
			"bucket": m{"name": p.what.bucket, "ownerIdentity": owner, "arn": "arn:aws:s3:::" + p.what.bucket},
			"object": of,
		},
	}
}

package firehose

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// How a delivery that failed is tried again; AWS gives up after 24 hours.
// https://docs.aws.amazon.com/firehose/latest/dev/retry.html
const (
	firstPause = 5 * time.Second
	maxPause   = time.Minute
	giveUp     = 24 * time.Hour
)

// batch is records that become one object; the destination's prefix is the error
// prefix where they failed.
type batch struct {
	stream      string
	version     int
	destination destination
	first       time.Time // the oldest record's arrival
	began       time.Time // when it was empty
	data        []byte

	sealed    time.Time
	name      string // the object's key; "": not tried yet
	tries     int
	notBefore time.Time
}

func (s *State) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// deliver tries a batch once; it stays when that fails.
func (s *State) deliver(ctx context.Context, b *batch) error {
	err := s.putObject(ctx, b)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if err != nil && now.Before(b.first.Add(giveUp)) {
		b.tries++
		b.notBefore = now.Add(min(maxPause, firstPause<<min(b.tries-1, 8)))
		s.config.Log.Warn("delivery failed", "stream", b.stream, "key", b.name, "try", b.tries, "error", err)
		return err
	}
	if err != nil {
		s.config.Log.Error("delivery given up", "stream", b.stream, "key", b.name, "bytes", len(b.data), "error", err)
	}
	if i := slices.Index(s.sealed, b); i >= 0 {
		s.sealed = slices.Delete(s.sealed, i, i+1)
		s.bytes -= len(b.data)
	}
	return err
}

func (s *State) putObject(ctx context.Context, b *batch) error {
	d := b.destination
	if b.name == "" {
		b.name = fmt.Sprintf("%s%s-%d-%s-%s%s", d.prefix.at(b.first), b.stream, b.version, b.first.UTC().Format("2006-01-02-15-04-05"), wire.NewRequestID(), d.extension)
	}
	if err := s.mayPut(b); err != nil {
		return err
	}
	body := b.data
	if d.gzip {
		var compressed bytes.Buffer
		w := gzip.NewWriter(&compressed)
		if _, err := w.Write(b.data); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		body = compressed.Bytes()
	}
	_, err := s.config.Objects.PutObject(policy.As(ctx, *d.given.RoleARN), &s3.PutObjectInput{
		Bucket: &d.bucket, Key: &b.name, Body: bytes.NewReader(body), ContentType: aws.String("application/octet-stream"),
	})
	return err
}

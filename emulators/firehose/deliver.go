package firehose

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// How a delivery that failed is tried again; AWS gives up after 24 hours.
// https://docs.aws.amazon.com/firehose/latest/dev/retry.html
const (
	firstPause = 5 * time.Second
	maxPause   = time.Minute
	giveUp     = 24 * time.Hour
)

// batch is records that become one object.
type batch struct {
	stream      string
	version     int
	destination destination
	first       time.Time // the oldest record's arrival
	data        []byte

	key       string // "": not tried yet
	tries     int
	notBefore time.Time
}

// seal moves a stream's buffer to the batches that are delivered. The caller holds
// the lock.
func (s *State) seal(st *stream) {
	if st.buffer == nil {
		return
	}
	s.sealed = append(s.sealed, st.buffer)
	st.buffer = nil
	s.notify()
}

func (s *State) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run delivers what is full or old enough, until ctx ends. What is left then is
// Flush's.
func (s *State) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-timer.C:
		}
		for b := s.next(); b != nil && ctx.Err() == nil; b = s.next() {
			s.deliver(ctx, b)
		}
		timer.Stop()
		if at, ok := s.due(); ok {
			timer.Reset(time.Until(at))
		}
	}
}

// next is a batch to deliver now, or nil.
func (s *State) next() *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		if st := s.streams[name]; st.buffer != nil && !now.Before(st.buffer.first.Add(st.destination.interval)) {
			s.seal(st)
		}
	}
	for _, b := range s.sealed {
		if !now.Before(b.notBefore) {
			return b
		}
	}
	return nil
}

// due is when next will have a batch, if nothing happens before.
func (s *State) due() (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	earliest := func(t time.Time) {
		if !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	for _, st := range s.streams {
		if st.buffer != nil {
			earliest(st.buffer.first.Add(st.destination.interval))
		}
	}
	for _, b := range s.sealed {
		earliest(b.notBefore)
	}
	return at, ok
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
		s.config.Log.Warn("delivery failed", "stream", b.stream, "key", b.key, "try", b.tries, "error", err)
		return err
	}
	if err != nil {
		s.config.Log.Error("delivery given up", "stream", b.stream, "key", b.key, "bytes", len(b.data), "error", err)
	}
	if i := slices.Index(s.sealed, b); i >= 0 {
		s.sealed = slices.Delete(s.sealed, i, i+1)
		s.bytes -= len(b.data)
	}
	return err
}

func (s *State) putObject(ctx context.Context, b *batch) error {
	d := b.destination
	if b.key == "" {
		b.key = fmt.Sprintf("%s%s-%d-%s-%s%s", d.prefix.at(b.first), b.stream, b.version, b.first.UTC().Format("2006-01-02-15-04-05"), wire.NewRequestID(), d.extension)
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
	_, err := s.config.Objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &d.bucket, Key: &b.key, Body: bytes.NewReader(body), ContentType: aws.String("application/octet-stream"),
	})
	return err
}

// Flush delivers everything that is buffered, once Run has ended and nothing puts
// any more. Each batch is tried once; an error tells how much could not be
// delivered, and why the last of it.
func (s *State) Flush(ctx context.Context) error {
	s.mu.Lock()
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		s.seal(s.streams[name])
	}
	left := slices.Clone(s.sealed)
	s.mu.Unlock()
	failed, bytes := 0, 0
	var last error
	for _, b := range left {
		if err := s.deliver(ctx, b); err != nil {
			failed, bytes, last = failed+1, bytes+len(b.data), err
		}
	}
	if failed > 0 {
		return fmt.Errorf("firehose: %d batches of %d bytes could not be delivered: %w", failed, bytes, last)
	}
	return nil
}

package s3

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rclone/gofakes3"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Targets are told the events of buckets; ctx carries that S3 calls for the bucket, as
// package policy wants it. None waits for what its target does with it.
type Targets interface {
	Queue(ctx context.Context, arn, message string) error
	Topic(ctx context.Context, arn, subject, message string) error
	Function(ctx context.Context, arn string, payload []byte) error
	// MayInvoke is nil if there is the function of an ARN, and the caller of ctx may
	// invoke it.
	MayInvoke(ctx context.Context, arn string) error
}

// notifications are what a bucket is configured to tell.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
type notifications struct {
	XMLName   xml.Name       `xml:"NotificationConfiguration"`
	NS        string         `xml:"xmlns,attr,omitempty"`
	Topics    []notification `xml:"TopicConfiguration"`
	Queues    []notification `xml:"QueueConfiguration"`
	Functions []notification `xml:"CloudFunctionConfiguration"`
	Other     []other        `xml:",any"`
}

type other struct{ XMLName xml.Name }

type notification struct {
	ID       string   `xml:"Id"`
	Topic    string   `xml:",omitempty"`
	Queue    string   `xml:",omitempty"`
	Function string   `xml:"CloudFunction,omitempty"`
	Events   []string `xml:"Event"`
	Filter   *filter  `xml:",omitempty"`
	Other    []other  `xml:",any"`
}

type filter struct {
	Rules []struct{ Name, Value string } `xml:"S3Key>FilterRule"`
}

// all are the configurations, those of topics first.
func (n *notifications) all() []*notification {
	var all []*notification
	for _, of := range [][]notification{n.Topics, n.Queues, n.Functions} {
		for i := range of {
			all = append(all, &of[i])
		}
	}
	return all
}

func (n *notification) arn() string { return n.Topic + n.Queue + n.Function } // one is set

// bounds are the prefix and suffix of keys.
func (n *notification) bounds() (prefix, suffix string) {
	if n.Filter != nil {
		for _, rule := range n.Filter.Rules {
			if strings.EqualFold(rule.Name, "prefix") {
				prefix = rule.Value
			} else {
				suffix = rule.Value
			}
		}
	}
	return prefix, suffix
}

func (n *notification) wants(event, key string) bool {
	prefix, suffix := n.bounds()
	return strings.HasPrefix(key, prefix) && strings.HasSuffix(key, suffix) &&
		slices.ContainsFunc(n.Events, func(e string) bool { return covers(e, event) })
}

// covers tells whether the event type e, which may end in *, is or has event.
func covers(e, event string) bool {
	family, all := strings.CutSuffix(e, "*")
	return e == event || all && strings.HasPrefix(event, family)
}

// overlaps tells whether there are objects whose event both tell.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
func (n *notification) overlaps(m *notification) bool {
	np, ns := n.bounds()
	mp, ms := m.bounds()
	return (strings.HasPrefix(np, mp) || strings.HasPrefix(mp, np)) && (strings.HasSuffix(ns, ms) || strings.HasSuffix(ms, ns)) &&
		slices.ContainsFunc(n.Events, func(a string) bool {
			return slices.ContainsFunc(m.Events, func(b string) bool { return covers(a, b) || covers(b, a) })
		})
}

// serveNotification is GetBucketNotificationConfiguration and Put.
func (s *State) serveNotification(w http.ResponseWriter, r *http.Request, bucketName string) error {
	var in *notifications
	switch r.Method {
	case http.MethodGet:
	case http.MethodPut:
		body, err := document(r)
		if err != nil {
			return err
		}
		if in, err = s.readNotifications(body); err != nil {
			return err
		}
		if exists, _ := s.BucketExists(r.Context(), bucketName); !exists {
			return gofakes3.BucketNotFound(bucketName)
		}
		if !strings.EqualFold(r.Header.Get("X-Amz-Skip-Destination-Validation"), "true") {
			if err := s.test(r.Context(), bucketName, in); err != nil {
				return err
			}
		}
	default:
		return gofakes3.ErrMethodNotAllowed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.BucketNotFound(bucketName)
	}
	if in != nil {
		if b.notify = in; len(in.all()) == 0 {
			b.notify = nil
		}
		return nil
	}
	out := notifications{}
	if b.notify != nil {
		out = *b.notify
	}
	out.XMLName, out.NS = xml.Name{Local: "NotificationConfiguration"}, "http://s3.amazonaws.com/doc/2006-03-01/"
	w.Header().Set("Content-Type", "application/xml")
	writeXML(w, out)
	return nil
}

// as is who delivers: S3, for a bucket.
func (s *State) as(ctx context.Context, bucketName string) context.Context {
	return policy.WithCaller(ctx, policy.Caller{Service: "s3.amazonaws.com", SourceARN: "arn:aws:s3:::" + bucketName, SourceAccount: s.config.Identity.Account})
}

// test checks that the targets are there and let S3 in: queues and topics get s3:TestEvent.
func (s *State) test(ctx context.Context, bucketName string, in *notifications) error {
	ctx = s.as(ctx, bucketName)
	var errs []error
	for _, n := range in.all() {
		message, _ := json.Marshal(map[string]string{ // strings only
			"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": eventTime(time.Now()), "Bucket": bucketName,
			"RequestId": "0000000000000000", "HostId": hostID,
		})
		var err error
		switch {
		case n.Topic != "":
			err = s.config.Targets.Topic(ctx, n.Topic, subject, string(message))
		case n.Queue != "":
			err = s.config.Targets.Queue(ctx, n.Queue, string(message))
		default:
			err = s.config.Targets.MayInvoke(ctx, n.Function)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidArgument, "Unable to validate the following destination configurations: "+err.Error())
	}
	return nil
}

package s3

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const (
	maxNotifications = 100  // of a bucket
	maxFilterValue   = 1024 // bytes
)

// Types of events, as a configuration names them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
const (
	createdPut       = "s3:ObjectCreated:Put"
	createdPost      = "s3:ObjectCreated:Post"
	createdCopy      = "s3:ObjectCreated:Copy"
	createdMultipart = "s3:ObjectCreated:CompleteMultipartUpload"
	removedDelete    = "s3:ObjectRemoved:Delete"
	removedMarker    = "s3:ObjectRemoved:DeleteMarkerCreated"
)

var (
	eventTypes = []string{"s3:ObjectCreated:*", createdPut, createdPost, createdCopy, createdMultipart, "s3:ObjectRemoved:*", removedDelete, removedMarker}
	// families are those whose events nothing here makes.
	families = []string{"s3:ReducedRedundancyLostObject", "s3:ObjectRestore:", "s3:Replication:", "s3:LifecycleExpiration:", "s3:LifecycleTransition",
		"s3:IntelligentTiering", "s3:ObjectTagging:", "s3:ObjectAcl:Put", "s3:ObjectAnnotation:", "s3:ObjectRetention:"}
)

func invalid(format string, args ...any) error {
	return gofakes3.ErrorMessage(gofakes3.ErrInvalidArgument, fmt.Sprintf(format, args...))
}

func (s *State) readNotifications(body []byte) (*notifications, error) {
	in := new(notifications)
	if err := xml.Unmarshal(body, in); err != nil {
		return nil, gofakes3.ErrMalformedXML
	}
	for _, part := range in.Other {
		return nil, refusal("PutBucketNotificationConfiguration: " + part.XMLName.Local)
	}
	all := in.all()
	if len(all) > 0 && s.config.Targets == nil {
		return nil, refusal("PutBucketNotificationConfiguration without targets")
	}
	if len(all) > maxNotifications {
		return nil, invalid("A bucket can have %d notification configurations", maxNotifications)
	}
	for i, n := range all {
		if err := n.check(); err != nil {
			return nil, err
		}
		if n.ID == "" {
			n.ID = fmt.Sprintf("notification-%d", i+1)
		}
		for _, before := range all[:i] {
			if before.ID == n.ID {
				return nil, invalid("Same ID used for multiple configurations. IDs must be unique")
			}
			if before.overlaps(n) {
				return nil, invalid("Configurations overlap. Configurations on the same bucket cannot share a common event type.")
			}
		}
	}
	for _, of := range []struct {
		service string
		list    []notification
		arn     func(notification) string
	}{
		{"sns", in.Topics, func(n notification) string { return n.Topic }},
		{"sqs", in.Queues, func(n notification) string { return n.Queue }},
		{"lambda", in.Functions, func(n notification) string { return n.Function }},
	} {
		for _, n := range of.list {
			name, ok := wire.ResourceOf(of.arn(n), of.service)
			if !ok || n.arn() != of.arn(n) {
				return nil, invalid("The ARN could not be parsed: %s", n.arn())
			}
			if strings.HasSuffix(name, ".fifo") {
				return nil, invalid("FIFO queues and topics are no destinations: %s", n.arn())
			}
		}
	}
	return in, nil
}

func (n *notification) check() error {
	for _, part := range n.Other {
		return refusal("PutBucketNotificationConfiguration: " + part.XMLName.Local)
	}
	if len(n.Events) == 0 {
		return gofakes3.ErrMalformedXML
	}
	for _, event := range n.Events {
		if slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(event, f) }) {
			return refusal("PutBucketNotificationConfiguration: the event " + event)
		}
		if !slices.Contains(eventTypes, event) {
			return invalid("The event '%s' is not supported for notifications", event)
		}
	}
	if n.Filter == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, rule := range n.Filter.Rules {
		name := strings.ToLower(rule.Name)
		if name != "prefix" && name != "suffix" {
			return invalid("filter rule name must be either prefix or suffix")
		}
		if seen[name] {
			return invalid("Cannot specify more than one %s rule in a filter.", name)
		}
		if seen[name] = true; len(rule.Value) > maxFilterValue {
			return invalid("Size of filter rule value cannot exceed %d bytes in UTF-8 representation", maxFilterValue)
		}
	}
	return nil
}

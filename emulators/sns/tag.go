package sns

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags is how many tags a topic may have.
const maxTags = 50

// Tag is a key with its value.
type Tag struct{ Key, Value string }

func setTags(tags map[string]string, list []Tag) error {
	seen := map[string]bool{}
	for _, t := range list {
		if seen[t.Key] {
			return invalid("Tags", "Duplicated keys are not allowed.")
		}
		seen[t.Key] = true
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > 128 || utf8.RuneCountInString(t.Value) > 256:
			return invalid("Tags", "keys have 1 to 128 characters and values at most 256")
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return invalid("Tags", "aws: prefixed tag key names are not allowed")
		}
		tags[t.Key] = t.Value
	}
	if len(tags) > maxTags {
		return wire.Errorf("TagLimitExceeded", 0, "Could not complete request: tag quota of per resource exceeded")
	}
	return nil
}

// onTagged does something to the tags of a topic.
func (s *State) onTagged(arn string, do func(*topic) error) (*Empty, error) {
	out, err := s.onTopic(arn, do)
	if isNotFound(err) {
		return nil, wire.Errorf("ResourceNotFound", http.StatusNotFound, "Resource does not exist")
	}
	return out, err
}

func isNotFound(err error) bool { return wire.IsCode(err, "NotFound") }

// TagResourceInput adds tags to a topic.
type TagResourceInput struct {
	ResourceArn string
	Tags        []Tag
}

// TagResource adds tags to a topic.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	return s.onTagged(in.ResourceArn, func(t *topic) error {
		tags := maps.Clone(t.tags)
		if err := setTags(tags, in.Tags); err != nil {
			return err
		}
		t.tags = tags
		return nil
	})
}

// UntagResourceInput removes tags from a topic.
type UntagResourceInput struct {
	ResourceArn string
	TagKeys     []string
}

// UntagResource removes tags from a topic.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	return s.onTagged(in.ResourceArn, func(t *topic) error {
		for _, key := range in.TagKeys {
			delete(t.tags, key)
		}
		return nil
	})
}

// ResourceRef names a topic.
type ResourceRef struct{ ResourceArn string }

// Tags are a topic's, by key.
type Tags struct {
	Tags []Tag `xml:"Tags>member"`
}

// ListTagsForResource lists a topic's tags.
func (s *State) ListTagsForResource(_ context.Context, in *ResourceRef) (*Tags, error) {
	out := &Tags{}
	_, err := s.onTagged(in.ResourceArn, func(t *topic) error {
		for _, key := range slices.Sorted(maps.Keys(t.tags)) {
			out.Tags = append(out.Tags, Tag{key, t.tags[key]})
		}
		return nil
	})
	return out, err
}

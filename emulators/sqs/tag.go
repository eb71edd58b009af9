package sqs

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"
)

// maxTags is how many tags a queue may have.
const maxTags = 50

func checkTags(tags map[string]string) error {
	for key, value := range tags {
		switch {
		case key == "" || utf8.RuneCountInString(key) > 128 || utf8.RuneCountInString(value) > 256:
			return invalid("tag keys have 1 to 128 characters and values at most 256")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys may not start with reserved prefix 'aws:'.")
		}
	}
	if len(tags) > maxTags {
		return invalid("a queue has at most %d tags", maxTags)
	}
	return nil
}

// TagQueueInput adds tags.
type TagQueueInput struct {
	QueueUrl string
	Tags     map[string]string
}

// TagQueue adds tags to a queue.
func (s *State) TagQueue(_ context.Context, in *TagQueueInput) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error {
		tags := maps.Clone(q.tags)
		maps.Copy(tags, in.Tags)
		if err := checkTags(tags); err != nil {
			return err
		}
		q.tags = tags
		return nil
	})
}

// UntagQueueInput removes tags.
type UntagQueueInput struct {
	QueueUrl string
	TagKeys  []string
}

// UntagQueue removes tags from a queue.
func (s *State) UntagQueue(_ context.Context, in *UntagQueueInput) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error {
		for _, key := range in.TagKeys {
			delete(q.tags, key)
		}
		return nil
	})
}

// Tags are a queue's.
type Tags struct {
	Tags map[string]string `json:",omitempty"`
}

// ListQueueTags answers a queue's tags.
func (s *State) ListQueueTags(_ context.Context, in *QueueRef) (*Tags, error) {
	var out Tags
	_, err := s.on(in.QueueUrl, func(q *queue) error { out.Tags = maps.Clone(q.tags); return nil })
	return &out, err
}

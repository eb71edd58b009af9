package kinesis

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags bounds the tags of a stream or consumer.
const maxTags = 50

// Tag is a key with its value.
type Tag struct{ Key, Value string }

// TagsInput adds tags to a stream.
type TagsInput struct {
	StreamRef
	Tags map[string]string
}

// AddTagsToStream adds tags or changes them.
func (s *State) AddTagsToStream(_ context.Context, in *TagsInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	return &Empty{}, addTags(&st.tags, in.Tags)
}

func addTags(to *map[string]string, tags map[string]string) error {
	all := maps.Clone(*to)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, tags)
	if len(all) > maxTags {
		return wire.Errorf("InvalidArgumentException", 0, "%d tags are more than %d", len(all), maxTags)
	}
	for k, v := range tags {
		if k == "" || len([]rune(k)) > 128 || len([]rune(v)) > 256 || strings.HasPrefix(strings.ToLower(k), "aws:") {
			return wire.Errorf("InvalidArgumentException", 0, "tag %q=%q: a key has 1 to 128 characters and does not begin with aws:, a value at most 256", k, v)
		}
	}
	*to = all
	return nil
}

// RemoveTagsInput removes tags of a stream.
type RemoveTagsInput struct {
	StreamRef
	TagKeys []string
}

// RemoveTagsFromStream removes tags; those that are not there are no error.
func (s *State) RemoveTagsFromStream(_ context.Context, in *RemoveTagsInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(st.tags, k)
	}
	return &Empty{}, nil
}

// ListTagsForStreamInput pages through the tags of a stream by key.
type ListTagsForStreamInput struct {
	StreamRef
	ExclusiveStartTagKey string
	Limit                *int
}

// ListTagsForStreamOutput is one page.
type ListTagsForStreamOutput struct {
	Tags        []Tag
	HasMoreTags bool
}

// ListTagsForStream lists at most 50 tags, or Limit.
func (s *State) ListTagsForStream(_ context.Context, in *ListTagsForStreamInput) (*ListTagsForStreamOutput, error) {
	limit, err := most(in.Limit, "Limit", maxTags, maxTags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	out := &ListTagsForStreamOutput{Tags: []Tag{}}
	for _, tag := range tagList(st.tags) {
		switch {
		case tag.Key <= in.ExclusiveStartTagKey && in.ExclusiveStartTagKey != "":
		case len(out.Tags) == limit:
			out.HasMoreTags = true
		default:
			out.Tags = append(out.Tags, tag)
		}
	}
	return out, nil
}

func tagList(tags map[string]string) []Tag {
	out := []Tag{}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, Tag{k, tags[k]})
	}
	return out
}

// ResourceInput names a stream or a consumer by its ARN.
type ResourceInput struct{ ResourceARN string }

// tagged finds the tags of a stream or a consumer. The caller holds mu.
func (s *State) tagged(arn string) (*map[string]string, error) {
	if strings.Contains(arn, "/consumer/") {
		c, err := s.consumer(arn)
		if err != nil {
			return nil, err
		}
		return &c.tags, nil
	}
	st, err := s.stream("", arn)
	if err != nil {
		return nil, err
	}
	return &st.tags, nil
}

// ResourceTagsOutput is the tags of a stream or consumer.
type ResourceTagsOutput struct{ Tags []Tag }

// ListTagsForResource lists all tags.
func (s *State) ListTagsForResource(_ context.Context, in *ResourceInput) (*ResourceTagsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &ResourceTagsOutput{tagList(*tags)}, nil
}

// TagResourceInput adds tags to a stream or consumer.
type TagResourceInput struct {
	ResourceInput
	Tags map[string]string
}

// TagResource adds tags or changes them.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &Empty{}, addTags(tags, in.Tags)
}

// UntagResourceInput removes tags of a stream or consumer.
type UntagResourceInput struct {
	ResourceInput
	TagKeys []string
}

// UntagResource removes tags.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(*tags, k)
	}
	return &Empty{}, nil
}

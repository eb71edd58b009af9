package firehose

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Tag is a label of a stream.
type Tag struct {
	Key   string
	Value string
}

// What tags are made of.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_Tag.html
var (
	tagKey   = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+@%-]{1,128}$`)
	tagValue = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+@%-]{0,256}$`)
)

// maxTags is how many tags a stream has.
const maxTags = 50

// withTags is tags and more; of a key that is there, more's.
func withTags(tags map[string]string, more []Tag) (map[string]string, error) {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, tag := range more {
		if !tagKey.MatchString(tag.Key) || !tagValue.MatchString(tag.Value) || strings.HasPrefix(tag.Key, "aws:") {
			return nil, invalid("Tag %.150q=%.300q: a key has 1 to 128 letters, digits, spaces and _.:/=+-@%%, and does not begin with aws:; a value has at most 256.", tag.Key, tag.Value)
		}
		all[tag.Key] = tag.Value
	}
	if len(all) > maxTags {
		return nil, invalid("A stream has at most %d tags.", maxTags)
	}
	return all, nil
}

// TagDeliveryStreamInput adds tags.
type TagDeliveryStreamInput struct {
	DeliveryStreamName string
	Tags               []Tag
}

// TagDeliveryStream adds tags to a stream.
func (s *State) TagDeliveryStream(_ context.Context, in *TagDeliveryStreamInput) (*Empty, error) {
	return s.on(in.DeliveryStreamName, func(st *stream) error {
		all, err := withTags(st.tags, in.Tags)
		if err == nil {
			st.tags = all
		}
		return err
	})
}

// UntagDeliveryStreamInput removes tags.
type UntagDeliveryStreamInput struct {
	DeliveryStreamName string
	TagKeys            []string
}

// UntagDeliveryStream removes tags of a stream.
func (s *State) UntagDeliveryStream(_ context.Context, in *UntagDeliveryStreamInput) (*Empty, error) {
	return s.on(in.DeliveryStreamName, func(st *stream) error {
		for _, key := range in.TagKeys {
			delete(st.tags, key)
		}
		return nil
	})
}

// ListTagsForDeliveryStreamInput asks for tags after a key.
type ListTagsForDeliveryStreamInput struct {
	DeliveryStreamName   string
	ExclusiveStartTagKey string
	Limit                *int
}

// ListTagsForDeliveryStreamOutput is tags by key.
type ListTagsForDeliveryStreamOutput struct {
	Tags        []Tag
	HasMoreTags bool
}

// ListTagsForDeliveryStream lists a stream's tags.
func (s *State) ListTagsForDeliveryStream(_ context.Context, in *ListTagsForDeliveryStreamInput) (*ListTagsForDeliveryStreamOutput, error) {
	limit, err := limitOf(in.Limit, maxTags, maxTags)
	if err != nil {
		return nil, err
	}
	out := &ListTagsForDeliveryStreamOutput{Tags: []Tag{}}
	_, err = s.on(in.DeliveryStreamName, func(st *stream) error {
		for _, key := range slices.Sorted(maps.Keys(st.tags)) {
			if key <= in.ExclusiveStartTagKey {
				continue
			}
			if len(out.Tags) == limit {
				out.HasMoreTags = true
				break
			}
			out.Tags = append(out.Tags, Tag{key, st.tags[key]})
		}
		return nil
	})
	return out, err
}

package scheduler

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Tag is a label of a group: schedules have none.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html
type Tag struct{ Key, Value string }

// maxTags is how many tags a group has.
const maxTags = 200

// withTags is tags and more; of a key that is there, more's.
func withTags(tags map[string]string, more []Tag) (map[string]string, error) {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, tag := range more {
		if key, value := utf8.RuneCountInString(tag.Key), utf8.RuneCountInString(tag.Value); key < 1 || key > 128 || value < 1 || value > 256 {
			return nil, wire.Errorf(codeInvalid, 0, "The key of a tag has 1 to 128 characters, and its value 1 to 256.")
		}
		all[tag.Key] = tag.Value
	}
	if len(all) > maxTags {
		return nil, wire.Errorf(codeInvalid, 0, "A schedule group has at most %d tags.", maxTags)
	}
	return all, nil
}

// tagged finds a group by its ARN. The caller holds the lock.
func (s *State) tagged(arn string) (*group, error) {
	name, ok := strings.CutPrefix(arn, s.groupARN(""))
	if !ok {
		return nil, wire.Errorf(codeInvalid, 0, "ResourceArn %q is not the ARN of a schedule group of this account and region", arn)
	}
	return s.group(name)
}

// TagResourceInput is the request of TagResource.
type TagResourceInput struct {
	ResourceArn string `path:"ResourceArn" json:"-"`
	Tags        []Tag
}

// TagResource adds tags to a group.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	all, err := withTags(g.tags, in.Tags)
	if err != nil {
		return nil, err
	}
	g.tags, g.updated = all, time.Now()
	return &Empty{}, nil
}

// UntagResourceInput is the request of UntagResource.
type UntagResourceInput struct {
	ResourceArn string   `path:"ResourceArn" json:"-"`
	TagKeys     []string `query:"TagKeys" json:"-"`
}

// UntagResource removes tags of a group; those that it does not have are passed over.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(g.tags, key)
	}
	g.updated = time.Now()
	return &Empty{}, nil
}

// TagsRef names a group whose tags are listed.
type TagsRef struct {
	ResourceArn string `path:"ResourceArn" json:"-"`
}

// ListTagsForResourceOutput is a group's tags, by key.
type ListTagsForResourceOutput struct{ Tags []Tag }

// ListTagsForResource answers the tags of a group.
func (s *State) ListTagsForResource(_ context.Context, in *TagsRef) (*ListTagsForResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &ListTagsForResourceOutput{Tags: []Tag{}}
	for _, key := range slices.Sorted(maps.Keys(g.tags)) {
		out.Tags = append(out.Tags, Tag{key, g.tags[key]})
	}
	return out, nil
}

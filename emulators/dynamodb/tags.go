package dynamodb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags is how many tags a table may have.
const maxTags = 50

// Tag is a key with its value.
type Tag struct{ Key, Value string }

// TagResourceInput adds tags to a table.
type TagResourceInput struct {
	ResourceArn string
	Tags        []Tag
}

// UntagResourceInput removes tags from a table.
type UntagResourceInput struct {
	ResourceArn string
	TagKeys     []string
}

// Empty is an answer without members.
type Empty struct{}

// TagResource adds tags to a table, or changes their values.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.lock()
	defer s.mu.Unlock()
	t, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := withTags(t.tags, in.Tags)
	if err != nil {
		return nil, err
	}
	t.tags = tags
	return &Empty{}, nil
}

// UntagResource removes tags from a table.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.lock()
	defer s.mu.Unlock()
	t, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if len(in.TagKeys) == 0 {
		return nil, invalid("Atleast one Tag Key needs to be provided as Input.")
	}
	for _, key := range in.TagKeys {
		delete(t.tags, key)
	}
	return &Empty{}, nil
}

// ListTagsOfResourceInput is the request of ListTagsOfResource.
type ListTagsOfResourceInput struct{ ResourceArn string }

// ListTagsOfResourceOutput is the answer of ListTagsOfResource: all tags, by key.
type ListTagsOfResourceOutput struct{ Tags []Tag }

// ListTagsOfResource lists the tags of a table.
func (s *State) ListTagsOfResource(_ context.Context, in *ListTagsOfResourceInput) (*ListTagsOfResourceOutput, error) {
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &ListTagsOfResourceOutput{Tags: []Tag{}}
	for _, key := range slices.Sorted(maps.Keys(t.tags)) {
		out.Tags = append(out.Tags, Tag{key, t.tags[key]})
	}
	return out, nil
}

// tagged finds the table of an ARN; the caller holds the lock.
func (s *State) tagged(arn string) (*table, error) {
	if arn == "" {
		return nil, invalid("Invalid TableArn")
	}
	if !strings.HasPrefix(arn, "arn:") {
		return nil, invalid("Invalid TableArn: Invalid ResourceArn provided as input %s", arn)
	}
	t, ok := s.tables[s.tableName(arn)]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: ResourcArn: %s not found", arn)
	}
	return t, nil
}

// withTags is a copy of tags with those of a list.
func withTags(tags map[string]string, list []Tag) (map[string]string, error) {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	seen := map[string]bool{}
	for _, tag := range list {
		switch {
		case tag.Key == "" || len([]rune(tag.Key)) > 128 || len([]rune(tag.Value)) > 256:
			return nil, invalid("Tag keys have 1 to 128 characters and values at most 256; refused is the tag %q", tag.Key)
		case strings.HasPrefix(tag.Key, "aws:"):
			return nil, invalid("Tag keys must not begin with aws:; refused is the tag %q", tag.Key)
		case seen[tag.Key]:
			return nil, invalid("One or more parameter values were invalid: Duplicate tag key: %s", tag.Key)
		}
		seen[tag.Key] = true
		all[tag.Key] = tag.Value
	}
	if len(all) > maxTags {
		return nil, invalid("One or more parameter values were invalid: Too many tags: at most %d", maxTags)
	}
	return all, nil
}

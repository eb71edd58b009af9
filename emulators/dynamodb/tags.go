package dynamodb

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of tags: how many a table may have, and how many characters they may.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// Tag is a key with its value, which may be empty and must be there.
type Tag struct {
	Key   string
	Value *string
}

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
	if len(in.Tags) == 0 {
		return nil, invalid("Atleast one Tag needs to be provided as Input.")
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
		out.Tags = append(out.Tags, Tag{key, new(t.tags[key])})
	}
	return out, nil
}

// tagged finds the table of an ARN; the caller holds the lock.
func (s *State) tagged(arn string) (*table, error) {
	if arn == "" {
		return nil, invalid("Invalid TableArn")
	}
	switch {
	case !strings.HasPrefix(arn, "arn:"):
		return nil, invalid("One or more parameter values were invalid: ARNs must start with 'arn:': %s", arn)
	case strings.Contains(arn, "/index/"):
		return nil, invalid("One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: %s", arn)
	}
	t, ok := s.tables[s.tableName(arn)]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: ResourcArn: %s not found", arn)
	}
	return t, nil
}

// withTags is a copy of tags with those of a list. The messages are the service's.
func withTags(tags map[string]string, list []Tag) (map[string]string, error) {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	seen := map[string]bool{}
	for _, tag := range list {
		if err := tag.check(); err != nil {
			return nil, err
		}
		if seen[tag.Key] {
			return nil, invalid("Duplicate Tag Keys provided as input: Duplicate Tag Key found %s", tag.Key)
		}
		seen[tag.Key] = true
		all[tag.Key] = *tag.Value
	}
	if len(all) > maxTags {
		return nil, invalid("Number of Tags exceed the current limit for the provided ResourceArn")
	}
	return all, nil
}

// check holds a tag to
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
func (t Tag) check() error {
	switch {
	case t.Key == "" || !tagText(t.Key, maxTagKey):
		return invalid("The Tag Key provided is invalid, Key: %s", t.Key)
	case strings.HasPrefix(t.Key, "aws:"):
		return invalid("Tag Key cannot be prefixed with aws:, Key: %s", t.Key)
	case t.Value == nil:
		return invalid("The Tag Value provided is invalid, Value: null")
	case !tagText(*t.Value, maxTagValue):
		return invalid("The Tag Value provided is invalid, Value: %s", *t.Value)
	}
	return nil
}

// tagText tells whether a text may be a tag's: of letters, digits, spaces and some
// signs, of which the page does not name @ while most services take it.
func tagText(s string, most int) bool {
	if utf8.RuneCountInString(s) > most {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && !strings.ContainsRune("+-=._:/@", r)
	}) < 0
}

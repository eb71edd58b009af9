package timestream

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Tag is a label of a database or table.
type Tag struct{ Key, Value string }

type tags map[string]string

// maxTags is how many tags a resource has (API reference, TagResource).
const maxTags = 200

// with is the tags and these; of a key that is there, these.
func (t tags) with(more []Tag) (tags, error) {
	all := maps.Clone(t)
	if all == nil {
		all = tags{}
	}
	for _, tag := range more {
		if tag.Key == "" || len(tag.Key) > 128 || len(tag.Value) > 256 {
			return nil, validation("The tag key %.20q has not 1 to 128 characters, or its value more than 256", tag.Key)
		}
		all[tag.Key] = tag.Value
	}
	if len(all) > maxTags {
		return nil, validation("A resource has at most %d tags", maxTags)
	}
	return all, nil
}

// tagged finds the tags of a database or table by its ARN.
func (s *State) tagged(arn string) (*tags, error) {
	missing := wire.Errorf("ResourceNotFoundException", 0, "The resource %s does not exist.", arn)
	path, ok := strings.CutPrefix(arn, s.id.ARN("timestream", "database/"))
	if !ok {
		return nil, missing
	}
	databaseName, tableName, isTable := strings.Cut(path, "/table/")
	d, err := s.database(databaseName)
	if err != nil {
		return nil, missing
	}
	if !isTable {
		return &d.tags, nil
	}
	t, ok := d.tables[tableName]
	if !ok {
		return nil, missing
	}
	return &t.tags, nil
}

// TagResourceInput adds tags.
type TagResourceInput struct {
	ResourceARN string
	Tags        []Tag
}

// TagResource adds tags. Errors: ResourceNotFoundException, ValidationException.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	all, err := t.with(in.Tags)
	if err != nil {
		return nil, err
	}
	*t = all
	return &Empty{}, nil
}

// UntagResourceInput removes tags.
type UntagResourceInput struct {
	ResourceARN string
	TagKeys     []string
}

// UntagResource removes tags. Errors: ResourceNotFoundException.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(*t, key)
	}
	return &Empty{}, nil
}

// TagsInput asks for a resource's tags; the query service asks in pages.
type TagsInput struct {
	ResourceARN string
	PageRef
}

// TagsOutput lists tags by key.
type TagsOutput struct {
	Tags      []Tag
	NextToken string `json:",omitempty"`
}

// ListTagsForResource lists tags. Errors: ResourceNotFoundException,
// ValidationException.
func (s *State) ListTagsForResource(_ context.Context, in *TagsInput) (*TagsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	keys, next, err := page(slices.Sorted(maps.Keys(*t)), in.PageRef, maxTags, func(key string) string { return key })
	if err != nil {
		return nil, err
	}
	out := &TagsOutput{Tags: []Tag{}, NextToken: next}
	for _, key := range keys {
		out.Tags = append(out.Tags, Tag{key, (*t)[key]})
	}
	return out, nil
}

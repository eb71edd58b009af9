package registry

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Tag is a key and a value of a resource.
type Tag struct {
	Key   string `json:"Key"`
	Value string `json:"Value"`
}

// Limits of tags: https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html
const (
	maxTags     = 50
	maxTagKey   = 127
	maxTagValue = 255
)

// TagResourceInput is the request of TagResource.
type TagResourceInput struct {
	ResourceArn string `json:"resourceArn"`
	Tags        []Tag  `json:"tags"`
}

// TagResource gives tags to a resource that has them: see taggable.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	if len(in.Tags) == 0 {
		return nil, invalid("TagResource: tags is required")
	}
	return s.tagChange(in.ResourceArn, func() error { return s.tag(in.ResourceArn, in.Tags) })
}

// UntagResourceInput is the request of UntagResource.
type UntagResourceInput struct {
	ResourceArn string   `json:"resourceArn"`
	TagKeys     []string `json:"tagKeys"`
}

// UntagResource takes tags away; a key that is not there is no error.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	if len(in.TagKeys) == 0 {
		return nil, invalid("UntagResource: tagKeys is required")
	}
	return s.tagChange(in.ResourceArn, func() error {
		for _, key := range in.TagKeys {
			delete(s.tags[in.ResourceArn], key)
		}
		return nil
	})
}

// ListTagsInput is the request of ListTagsForResource.
type ListTagsInput struct {
	ResourceArn string `json:"-" query:"resourceArn"`
	NextToken   string `json:"-" query:"nextToken"`
}

// ListTagsOutput is its answer; 50 tags fit in one page.
type ListTagsOutput struct {
	Tags []Tag `json:"tags"`
}

// ListTagsForResource lists the tags of a resource by key.
func (s *State) ListTagsForResource(_ context.Context, in *ListTagsInput) (*ListTagsOutput, error) {
	external := s.isExternal(in.ResourceArn)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.taggable(in.ResourceArn, external); err != nil {
		return nil, err
	}
	if in.NextToken != "" {
		return nil, invalid("nextToken %q is not one of ListTagsForResource: the tags of a resource are one page", in.NextToken)
	}
	out := &ListTagsOutput{Tags: []Tag{}}
	for _, key := range sortedKeys(s.tags[in.ResourceArn]) {
		out.Tags = append(out.Tags, Tag{key, s.tags[in.ResourceArn][key]})
	}
	return out, nil
}

// tagChange runs change, under the lock, if the resource exists.
func (s *State) tagChange(arn string, change func() error) (*Empty, error) {
	external := s.isExternal(arn)
	defer s.change()()
	if err := s.taggable(arn, external); err != nil {
		return nil, err
	}
	return &Empty{}, change()
}

// tag adds tags, all or none; the caller holds the lock.
func (s *State) tag(arn string, tags []Tag) error {
	if len(tags) == 0 {
		return nil
	}
	if err := CheckTags(tags); err != nil {
		return err
	}
	all := maps.Clone(s.tags[arn])
	if all == nil {
		all = map[string]string{}
	}
	for _, t := range tags {
		all[t.Key] = t.Value
	}
	if len(all) > maxTags {
		return invalid("%s would have %d tags; the limit is %d", arn, len(all), maxTags)
	}
	s.tags[arn] = all
	return nil
}

// CheckTags tells whether a new resource can have these tags.
func CheckTags(tags []Tag) error {
	if len(tags) > maxTags {
		return invalid("there are %d tags; the limit is %d", len(tags), maxTags)
	}
	given := map[string]bool{}
	for _, t := range tags {
		if given[t.Key] {
			return invalid("tag key %q is given twice", t.Key)
		}
		given[t.Key] = true
		if n := len([]rune(t.Key)); n == 0 || n > maxTagKey || strings.HasPrefix(t.Key, "aws:") {
			return invalid("tag key %q must have 1 to %d characters and not begin with aws:", t.Key, maxTagKey)
		}
		if len([]rune(t.Value)) > maxTagValue {
			return invalid("the value of tag %q has more than %d characters", t.Key, maxTagValue)
		}
	}
	return nil
}

// DropTags forgets the tags of a resource that was deleted.
func (s *State) DropTags(arn string) {
	defer s.change()()
	delete(s.tags, arn)
}

// isExternal asks about resources that are kept elsewhere, outside the lock.
func (s *State) isExternal(arn string) bool {
	return s.config.Taggable != nil && s.config.Taggable(arn)
}

// taggable tells whether the resource of an ARN exists and has tags.
func (s *State) taggable(arn string, external bool) error {
	resource, ok := wire.ResourceOf(arn, "iot")
	if !ok || arn != s.arn(resource) {
		return invalid("resourceArn %q is not the ARN of a resource of IoT in this account and region", arn)
	}
	kind, name, _ := strings.Cut(resource, "/")
	switch kind {
	case "thingtype":
		_, ok = s.types[name]
	case "thinggroup":
		_, ok = s.groups[name]
	case "policy":
		_, ok = s.policies[name]
	case "cacert":
		_, ok = s.authorities[name]
	case "provisioningtemplate":
		_, ok = s.templates[name]
	case "rolealias":
		_, ok = s.aliases[name]
	case "rule":
		ok = external
	default:
		return invalid("tags of %q are not implemented by Shakedown, only of thing types, thing groups, policies, rules, CA certificates, provisioning templates and role aliases", arn)
	}
	if !ok {
		return notFound("%s not found", arn)
	}
	return nil
}

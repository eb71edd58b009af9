package logs

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags is how many tags a group has.
const maxTags = 50

// withTags is tags and more; of a key that is there, more's.
func withTags(tags, more map[string]string) (map[string]string, error) {
	all := map[string]string{}
	maps.Copy(all, tags)
	maps.Copy(all, more)
	for key, value := range all {
		if key == "" || len(key) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalid("The tag key %.150q has not 1 to 128 characters, or begins with aws:, or its value has more than 256.", key)
		}
	}
	if len(all) > maxTags {
		return nil, wire.Errorf("TooManyTagsException", 0, "A resource can have no more than %d tags.", maxTags)
	}
	return all, nil
}

// tagged does something to the group of an ARN, which has no :* here.
func (s *State) tagged(arn string, do func(*group) error) (*Empty, error) {
	name, ok := strings.CutPrefix(arn, s.id.ARN("logs", "log-group:"))
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The specified resource %s does not exist.", arn)
	}
	return s.on(name, do)
}

func (g *group) tag(more map[string]string) error {
	tags, err := withTags(g.tags, more)
	if err == nil {
		g.tags = tags
	}
	return err
}

func (g *group) untag(keys []string) error {
	for _, key := range keys {
		delete(g.tags, key)
	}
	return nil
}

// ResourceInput names a resource by its ARN.
type ResourceInput struct {
	ResourceArn string `json:"resourceArn"`
}

// TagResourceInput adds tags.
type TagResourceInput struct {
	ResourceInput
	Tags map[string]string `json:"tags"`
}

// TagResource adds tags to a group.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	return s.tagged(in.ResourceArn, func(g *group) error { return g.tag(in.Tags) })
}

// UntagResourceInput removes tags.
type UntagResourceInput struct {
	ResourceInput
	TagKeys []string `json:"tagKeys"`
}

// UntagResource removes tags of a group.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	return s.tagged(in.ResourceArn, func(g *group) error { return g.untag(in.TagKeys) })
}

// Tags are a group's.
type Tags struct {
	Tags map[string]string `json:"tags"`
}

// ListTagsForResource answers a group's tags.
func (s *State) ListTagsForResource(_ context.Context, in *ResourceInput) (*Tags, error) {
	out := &Tags{}
	_, err := s.tagged(in.ResourceArn, func(g *group) error { return out.of(g) })
	return out, err
}

func (t *Tags) of(g *group) error {
	t.Tags = maps.Clone(g.tags)
	return nil
}

// TagLogGroupInput adds tags; AWS advises TagResource.
type TagLogGroupInput struct {
	GroupInput
	Tags map[string]string `json:"tags"`
}

// TagLogGroup is TagResource by name.
func (s *State) TagLogGroup(_ context.Context, in *TagLogGroupInput) (*Empty, error) {
	return s.on(in.LogGroupName, func(g *group) error { return g.tag(in.Tags) })
}

// UntagLogGroupInput removes the tags of these keys.
type UntagLogGroupInput struct {
	GroupInput
	Tags []string `json:"tags"`
}

// UntagLogGroup is UntagResource by name.
func (s *State) UntagLogGroup(_ context.Context, in *UntagLogGroupInput) (*Empty, error) {
	return s.on(in.LogGroupName, func(g *group) error { return g.untag(in.Tags) })
}

// ListTagsLogGroup is ListTagsForResource by name.
func (s *State) ListTagsLogGroup(_ context.Context, in *GroupInput) (*Tags, error) {
	out := &Tags{}
	_, err := s.on(in.LogGroupName, func(g *group) error { return out.of(g) })
	return out, err
}

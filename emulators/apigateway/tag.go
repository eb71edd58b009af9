package apigateway

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// withTags are tags with others, whose values go before: a new map, for answers share the
// old one.
func withTags(old, more map[string]string) (map[string]string, error) {
	for key, value := range more {
		if key == "" || len([]rune(key)) > maxTagKey || len([]rune(value)) > maxTagValue {
			return nil, wire.Errorf(codeInvalid, 0, "tag keys have 1 to %d characters and values at most %d", maxTagKey, maxTagValue)
		}
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, wire.Errorf(codeInvalid, 0, "tag key %q begins with aws:, which is reserved", key)
		}
	}
	tags := map[string]string{}
	maps.Copy(tags, old)
	maps.Copy(tags, more)
	if len(tags) > maxTags {
		return nil, wire.Errorf(codeInvalid, 0, "a resource has at most %d tags", maxTags)
	}
	return tags, nil
}

// TagsInput names an API (arn:aws:apigateway:region::/apis/<id>) or a stage of one
// (…/apis/<id>/stages/<name>).
type TagsInput struct {
	ResourceArn string `path:"ResourceArn" json:"-"`
}

// TagsOutput is the tags of a resource.
type TagsOutput struct {
	Tags map[string]string `json:"tags"`
}

// tagged finds the tags of a resource, and what replaces them. The caller holds mu.
func (s *State) tagged(arn string) (tags map[string]string, replace func(map[string]string), err error) {
	path, ok := strings.CutPrefix(arn, "arn:aws:apigateway:"+s.config.Identity.Region+"::/apis/")
	if !ok {
		return nil, nil, wire.Errorf(codeInvalid, 0, "resource ARN %q is not implemented by Shakedown: tags are for APIs and stages", arn)
	}
	id, name, staged := strings.Cut(path, "/stages/")
	if staged {
		a, stage, err := s.findStage(StageRef{id, name})
		return stage.Tags, func(tags map[string]string) { stage.Tags = tags; a.stages[name] = stage }, err
	}
	a, err := s.find(id)
	if err != nil {
		return nil, nil, err
	}
	return a.config.Tags, func(tags map[string]string) { a.config.Tags = tags }, nil
}

// GetTags answers the tags of a resource.
func (s *State) GetTags(_ context.Context, in *TagsInput) (*TagsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, _, err := s.tagged(in.ResourceArn)
	return &TagsOutput{tags}, err
}

// TagResourceInput adds tags.
type TagResourceInput struct {
	ResourceArn string            `path:"ResourceArn" json:"-"`
	Tags        map[string]string `json:"tags"`
}

// TagResource adds tags to a resource.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, replace, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if tags, err = withTags(tags, in.Tags); err != nil {
		return nil, err
	}
	replace(tags)
	return &Empty{}, nil
}

// UntagResourceInput removes tags.
type UntagResourceInput struct {
	ResourceArn string   `path:"ResourceArn" json:"-"`
	TagKeys     []string `query:"tagKeys" json:"-"`
}

// UntagResource removes tags from a resource.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, replace, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags = maps.Clone(tags)
	for _, key := range in.TagKeys {
		delete(tags, key)
	}
	replace(tags)
	return &Empty{}, nil
}

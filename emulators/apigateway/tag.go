package apigateway

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags is how many tags an API or a stage may have.
const maxTags = 50

// TagsInput names an API (arn:aws:apigateway:region::/apis/<id>) or a stage of one
// (…/apis/<id>/stages/<name>).
type TagsInput struct {
	ResourceArn string `path:"ResourceArn" json:"-"`
}

// TagsOutput is the tags of a resource.
type TagsOutput struct {
	Tags map[string]string `json:"tags"`
}

// tagged finds the tags of a resource. The caller holds mu.
func (s *State) tagged(arn string) (map[string]string, error) {
	path, ok := strings.CutPrefix(arn, "arn:aws:apigateway:"+s.config.Identity.Region+"::/apis/")
	if !ok {
		return nil, wire.Errorf(codeInvalid, 0, "resource ARN %q is not implemented by Shakedown: tags are for APIs and stages", arn)
	}
	id, name, staged := strings.Cut(path, "/stages/")
	if staged {
		_, stage, err := s.findStage(StageRef{id, name})
		return stage.Tags, err
	}
	a, err := s.find(id)
	if err != nil {
		return nil, err
	}
	return a.config.Tags, nil
}

// GetTags answers the tags of a resource.
func (s *State) GetTags(_ context.Context, in *TagsInput) (*TagsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.ResourceArn)
	return &TagsOutput{maps.Clone(tags)}, err
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
	tags, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if len(tags)+len(in.Tags) > maxTags {
		return nil, wire.Errorf(codeInvalid, 0, "a resource has at most %d tags", maxTags)
	}
	maps.Copy(tags, in.Tags)
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
	tags, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(tags, key)
	}
	return &Empty{}, nil
}

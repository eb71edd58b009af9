package lambda

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxTags bounds the tags of a resource.
const maxTags = 50

// TagsInput names a resource whose tags are asked for.
type TagsInput struct {
	Resource string `path:"Resource" json:"-"`
}

// TagsOutput is its tags.
type TagsOutput struct{ Tags map[string]string }

// tagged finds the tags of a function or a mapping. The caller holds mu.
func (s *State) tagged(arn string) (*map[string]string, error) {
	resource, _ := wire.ResourceOf(arn, "lambda")
	if id, ok := strings.CutPrefix(resource, "event-source-mapping:"); ok {
		m, err := s.mapping(id)
		if err != nil {
			return nil, err
		}
		return &m.tags, nil
	}
	t, err := s.resolve(FunctionRef{FunctionName: arn})
	switch {
	case err != nil:
		return nil, err
	case t.qualifier != "":
		return nil, wire.Errorf(codeInvalid, 0, "Tags on function aliases and versions are not supported. Please specify either a function or an event source mapping ARN.")
	}
	return &t.function.tags, nil
}

// ListTags answers the tags of a function or a mapping.
func (s *State) ListTags(_ context.Context, in *TagsInput) (*TagsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.Resource)
	if err != nil {
		return nil, err
	}
	out := &TagsOutput{Tags: map[string]string{}}
	maps.Copy(out.Tags, *tags)
	return out, nil
}

// TagResourceInput is the request of TagResource.
type TagResourceInput struct {
	Resource string `path:"Resource" json:"-"`
	Tags     map[string]string
}

// TagResource adds tags or changes them.
func (s *State) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.Resource)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(*tags)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, in.Tags)
	if err := checkTags(all); err != nil {
		return nil, err
	}
	*tags = all
	return &Empty{}, nil
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return wire.Errorf(codeInvalid, 0, "%d tags are more than %d", len(tags), maxTags)
	}
	for k, v := range tags {
		if k == "" || len([]rune(k)) > 128 || len([]rune(v)) > 256 || strings.HasPrefix(strings.ToLower(k), "aws:") {
			return wire.Errorf(codeInvalid, 0, "tag %q=%q: a key has 1 to 128 characters and does not begin with aws:, a value at most 256", k, v)
		}
	}
	return nil
}

// UntagResourceInput is the request of UntagResource.
type UntagResourceInput struct {
	Resource string   `path:"Resource" json:"-"`
	TagKeys  []string `query:"tagKeys" json:"-"`
}

// UntagResource removes tags; those that are not there are no error.
func (s *State) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagged(in.Resource)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(*tags, k)
	}
	return &Empty{}, nil
}

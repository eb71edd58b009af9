package iam

import (
	"context"
	"net/http"
	"regexp"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Tag is a key with its value.
type Tag struct {
	Key   string
	Value string
}

// TagList is the tags of a resource, by key.
type TagList struct {
	Tags []Tag `xml:"Tags>member"`
	Paging
}

type tags map[string]string

func (t tags) list() []Tag {
	list := []Tag{}
	for k, v := range t {
		list = append(list, Tag{k, v})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Key < list[j].Key })
	return list
}

// keysOf is how the keys of a resource's tags are told apart.
type keysOf func(key string) string

// foldKeys is for roles, the case of whose keys does not count; keepKeys for the others.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
var (
	foldKeys keysOf = strings.ToLower
	keepKeys keysOf = func(key string) string { return key }
)

// tagForm is of keys and values.
var tagForm = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func checkTag(tag Tag) error {
	if tag.Key == "" || len([]rune(tag.Key)) > 128 || len([]rune(tag.Value)) > 256 {
		return invalid("tag keys have 1 to 128 characters and values at most 256")
	}
	for _, text := range []string{tag.Key, tag.Value} {
		if !tagForm.MatchString(text) || strings.HasPrefix(strings.ToLower(text), "aws:") {
			return invalid("tags have letters, numbers, spaces and _ . : / = + - @ and do not begin with aws:, unlike %q", text)
		}
	}
	return nil
}

// with is t with tags that take the place of those of the same keys.
func (t tags) with(list []Tag, same keysOf) (tags, error) {
	given := map[string]bool{}
	var keys []string
	for _, tag := range list {
		if err := checkTag(tag); err != nil {
			return t, err
		}
		if given[same(tag.Key)] {
			return t, wire.Errorf("InvalidInput", 0, "Duplicate tag keys found. Please note that Tag keys are case insensitive for roles.")
		}
		given[same(tag.Key)] = true
		keys = append(keys, tag.Key)
	}
	next := t.without(keys, same)
	for _, tag := range list {
		next[tag.Key] = tag.Value
	}
	if len(next) > maxTags {
		return t, wire.Errorf("LimitExceeded", http.StatusConflict, "The number of tags has reached the maximum limit of %d.", maxTags)
	}
	return next, nil
}

// without is t without the tags of some keys.
func (t tags) without(keys []string, same keysOf) tags {
	gone := map[string]bool{}
	for _, key := range keys {
		gone[same(key)] = true
	}
	next := tags{}
	for key, value := range t {
		if !gone[same(key)] {
			next[key] = value
		}
	}
	return next
}

// TagRoleInput adds tags to a role.
type TagRoleInput struct {
	RoleName string
	Tags     []Tag
}

// TagRole adds tags to a role.
func (s *State) TagRole(_ context.Context, in *TagRoleInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) (err error) {
		r.tags, err = r.tags.with(in.Tags, foldKeys)
		s.know(r)
		return err
	})
}

// UntagRoleInput removes tags from a role.
type UntagRoleInput struct {
	RoleName string
	TagKeys  []string
}

// UntagRole removes tags from a role.
func (s *State) UntagRole(_ context.Context, in *UntagRoleInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		r.tags = r.tags.without(in.TagKeys, foldKeys)
		s.know(r)
		return nil
	})
}

// ListRoleTags lists a role's tags.
func (s *State) ListRoleTags(_ context.Context, in *RolePage) (*TagList, error) {
	var out TagList
	_, err := s.onRole(in.RoleName, func(r *role) (err error) {
		out.Tags, out.Paging, err = page(r.tags.list(), in.Marker, in.MaxItems)
		return err
	})
	return &out, err
}

// TagPolicyInput adds tags to a policy.
type TagPolicyInput struct {
	PolicyArn string
	Tags      []Tag
}

// TagPolicy adds tags to a policy.
func (s *State) TagPolicy(_ context.Context, in *TagPolicyInput) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) (err error) {
		p.tags, err = p.tags.with(in.Tags, keepKeys)
		return err
	})
}

// UntagPolicyInput removes tags from a policy.
type UntagPolicyInput struct {
	PolicyArn string
	TagKeys   []string
}

// UntagPolicy removes tags from a policy.
func (s *State) UntagPolicy(_ context.Context, in *UntagPolicyInput) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) error {
		p.tags = p.tags.without(in.TagKeys, keepKeys)
		return nil
	})
}

// ListPolicyTags lists a policy's tags.
func (s *State) ListPolicyTags(_ context.Context, in *PolicyPage) (*TagList, error) {
	var out TagList
	_, err := s.onPolicy(in.PolicyArn, func(p *managed) (err error) {
		out.Tags, out.Paging, err = page(p.tags.list(), in.Marker, in.MaxItems)
		return err
	})
	return &out, err
}

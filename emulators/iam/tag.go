package iam

import (
	"context"
	"sort"
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

func (t tags) set(list []Tag) error {
	for _, tag := range list {
		if tag.Key == "" || len(tag.Key) > 128 || len(tag.Value) > 256 {
			return invalid("tag keys have 1 to 128 characters and values at most 256")
		}
		t[tag.Key] = tag.Value
	}
	if len(t) > maxTags {
		return invalid("a resource has at most %d tags", maxTags)
	}
	return nil
}

// TagRoleInput adds tags to a role.
type TagRoleInput struct {
	RoleName string
	Tags     []Tag
}

// TagRole adds tags to a role.
func (s *State) TagRole(_ context.Context, in *TagRoleInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error { defer s.know(r); return r.tags.set(in.Tags) })
}

// UntagRoleInput removes tags from a role.
type UntagRoleInput struct {
	RoleName string
	TagKeys  []string
}

// UntagRole removes tags from a role.
func (s *State) UntagRole(_ context.Context, in *UntagRoleInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error { defer s.know(r); return r.tags.remove(in.TagKeys) })
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
	return s.onPolicy(in.PolicyArn, func(p *managed) error { return p.tags.set(in.Tags) })
}

// UntagPolicyInput removes tags from a policy.
type UntagPolicyInput struct {
	PolicyArn string
	TagKeys   []string
}

// UntagPolicy removes tags from a policy.
func (s *State) UntagPolicy(_ context.Context, in *UntagPolicyInput) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) error { return p.tags.remove(in.TagKeys) })
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

func (t tags) remove(keys []string) error {
	for _, k := range keys {
		delete(t, k)
	}
	return nil
}

package registry

import (
	"context"
	"maps"
	"regexp"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type thing struct {
	name       string
	id         string
	kind       string            // thing type, or empty
	attributes map[string]string // replaced, never changed: grants have them
	principals map[string]bool   // certificate ids
	updates    int64
}

// version counts from 1.
func (t *thing) version() int64 { return t.updates + 1 }

// Limits of things without a thing type.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-limits
const (
	maxAttributes     = 3
	maxAttributeName  = 128
	maxAttributeValue = 800
	maxName           = 128
)

var (
	thingName      = regexp.MustCompile(`^[a-zA-Z0-9:_-]+$`)
	attributeName  = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#-]+$`)
	attributeValue = regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#=\[\]-]*$`)
)

// AttributePayload holds the attributes of a thing or group. Merge is for updates.
type AttributePayload struct {
	Attributes map[string]string `json:"attributes"`
	Merge      bool              `json:"merge,omitempty"`
}

// CreateThingInput is the request of CreateThing.
type CreateThingInput struct {
	ThingName        string            `json:"-" path:"thingName"`
	ThingTypeName    string            `json:"thingTypeName"`
	AttributePayload *AttributePayload `json:"attributePayload"`
}

// CreateThingOutput is the answer of CreateThing.
type CreateThingOutput struct {
	ThingName string `json:"thingName"`
	ThingArn  string `json:"thingArn"`
	ThingID   string `json:"thingId"`
}

// CreateThing registers a thing. Creating it again with the same attributes
// answers as the first time; with others it is ResourceAlreadyExistsException.
func (s *State) CreateThing(_ context.Context, in *CreateThingInput) (*CreateThingOutput, error) {
	var attributes map[string]string
	if in.AttributePayload != nil {
		if in.AttributePayload.Merge {
			return nil, invalid("CreateThing: merge is for updates")
		}
		attributes = in.AttributePayload.Attributes
	}
	if err := validateThing(in.ThingName, attributes, attributeLimit(in.ThingTypeName)); err != nil {
		return nil, err
	}
	defer s.change()()
	t, ok := s.things[in.ThingName]
	if ok && (t.kind != in.ThingTypeName || !maps.Equal(t.attributes, attributes)) {
		return nil, wire.Errorf(codeExists, 409,
			"Thing %s already exists in account with different attributes", in.ThingName)
	}
	if !ok {
		if err := s.mayHaveType(in.ThingTypeName); err != nil {
			return nil, err
		}
		t = s.enterThing(in.ThingName, in.ThingTypeName, maps.Clone(attributes))
	}
	return &CreateThingOutput{ThingName: t.name, ThingArn: s.arn("thing/" + t.name), ThingID: t.id}, nil
}

// enterThing makes a thing. The caller holds the lock.
func (s *State) enterThing(name, kind string, attributes map[string]string) *thing {
	t := &thing{name: name, kind: kind, id: wire.NewRequestID(), attributes: attributes, principals: map[string]bool{}}
	s.things[name] = t
	s.tellOfThing(t, "created")
	s.tellOfAssociation(t, kind, "added")
	return t
}

// attributeLimit is how many attributes a thing of that type, or without, may have.
func attributeLimit(kind string) int {
	if kind == "" {
		return maxAttributes
	}
	return maxTypedAttributes
}

func validateThing(name string, attributes map[string]string, most int) error {
	if len(name) > maxName || !thingName.MatchString(name) {
		return invalid("thing name %q must match %s and have at most %d characters", name, thingName, maxName)
	}
	if len(attributes) > most {
		return invalid("thing %s: it may have at most %d attributes (%d with a thing type), not %d", name, most, maxTypedAttributes, len(attributes))
	}
	for k, v := range attributes {
		if len(k) > maxAttributeName || !attributeName.MatchString(k) {
			return invalid("thing %s: attribute name %q must match %s", name, k, attributeName)
		}
		if len(v) > maxAttributeValue || !attributeValue.MatchString(v) {
			return invalid("thing %s: the value of attribute %q must match %s", name, k, attributeValue)
		}
	}
	return nil
}

// DescribeThingInput is the request of DescribeThing.
type DescribeThingInput struct {
	ThingName string `json:"-" path:"thingName"`
}

// DescribeThingOutput is the answer of DescribeThing.
type DescribeThingOutput struct {
	DefaultClientID string            `json:"defaultClientId"`
	ThingName       string            `json:"thingName"`
	ThingID         string            `json:"thingId"`
	ThingArn        string            `json:"thingArn"`
	ThingTypeName   string            `json:"thingTypeName,omitempty"`
	Attributes      map[string]string `json:"attributes"`
	Version         int64             `json:"version"`
}

// DescribeThing answers what is known of a thing.
func (s *State) DescribeThing(_ context.Context, in *DescribeThingInput) (*DescribeThingOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	return &DescribeThingOutput{
		DefaultClientID: t.name, ThingName: t.name, ThingID: t.id,
		ThingArn: s.arn("thing/" + t.name), ThingTypeName: t.kind, Attributes: cloneOrEmpty(t.attributes), Version: t.version(),
	}, nil
}

func cloneOrEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}

// ListThingsInput is the request of ListThings.
type ListThingsInput struct {
	ThingTypeName  string `json:"-" query:"thingTypeName"`
	AttributeName  string `json:"-" query:"attributeName"`
	AttributeValue string `json:"-" query:"attributeValue"`
	UsePrefix      bool   `json:"-" query:"usePrefixAttributeValue"`
	MaxResults     int    `json:"-" query:"maxResults"`
	NextToken      string `json:"-" query:"nextToken"`
}

// ThingAttribute is one thing of a list.
type ThingAttribute struct {
	ThingName     string            `json:"thingName"`
	ThingArn      string            `json:"thingArn"`
	ThingTypeName string            `json:"thingTypeName,omitempty"`
	Attributes    map[string]string `json:"attributes"`
	Version       int64             `json:"version"`
}

// ListThingsOutput is the answer of ListThings.
type ListThingsOutput struct {
	Things    []ThingAttribute `json:"things"`
	NextToken string           `json:"nextToken,omitempty"`
}

// matches tells whether a thing passes the filters.
func (in *ListThingsInput) matches(t *thing) bool {
	if in.ThingTypeName != "" && t.kind != in.ThingTypeName {
		return false
	}
	if in.AttributeName == "" {
		return true
	}
	value, ok := t.attributes[in.AttributeName]
	if in.UsePrefix {
		return ok && strings.HasPrefix(value, in.AttributeValue)
	}
	return ok && value == in.AttributeValue
}

// ListThings lists things by name, those of a type or with an attribute.
func (s *State) ListThings(_ context.Context, in *ListThingsInput) (*ListThingsOutput, error) {
	if in.AttributeName == "" && (in.AttributeValue != "" || in.UsePrefix) {
		return nil, invalid("ListThings: attributeValue needs attributeName")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []*thing
	for _, name := range sortedKeys(s.things) {
		if t := s.things[name]; in.matches(t) {
			all = append(all, t)
		}
	}
	page, next, err := pageOf(all, in.MaxResults, in.NextToken, func(t *thing) ThingAttribute {
		return ThingAttribute{
			ThingName: t.name, ThingArn: s.arn("thing/" + t.name), ThingTypeName: t.kind,
			Attributes: cloneOrEmpty(t.attributes), Version: t.version(),
		}
	})
	if err != nil {
		return nil, err
	}
	return &ListThingsOutput{page, next}, nil
}

// DeleteThingInput is the request of DeleteThing.
type DeleteThingInput struct {
	ThingName       string `json:"-" path:"thingName"`
	ExpectedVersion *int64 `json:"-" query:"expectedVersion"`
}

// Empty is an answer without members.
type Empty struct{}

// DeleteThing forgets a thing; one that still has principals is refused. A
// thing that does not exist is no error, as on AWS.
func (s *State) DeleteThing(_ context.Context, in *DeleteThingInput) (*Empty, error) {
	defer s.change()()
	t, ok := s.things[in.ThingName]
	if !ok {
		return &Empty{}, nil
	}
	if err := checkVersion("Thing", t.name, t.version(), in.ExpectedVersion); err != nil {
		return nil, err
	}
	if len(t.principals) > 0 {
		return nil, invalid("Cannot delete. Thing %s is still attached to one or more principals", in.ThingName)
	}
	s.setGroups(t, nil)
	s.tellOfAssociation(t, t.kind, "removed")
	delete(s.things, t.name)
	s.tellOfThing(t, "deleted")
	return &Empty{}, nil
}

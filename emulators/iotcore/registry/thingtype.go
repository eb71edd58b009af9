package registry

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type thingType struct {
	name, id   string
	properties ThingTypeProperties
	created    time.Time
	deprecated time.Time // zero while it is not
}

// Limits of things with a type and of types.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-limits
const (
	maxTypedAttributes = 50
	maxSearchable      = 3
	maxDescription     = 2028
)

// ThingTypeProperties describe a thing type.
type ThingTypeProperties struct {
	Description string   `json:"thingTypeDescription,omitempty"`
	Searchable  []string `json:"searchableAttributes,omitempty"`
}

// CreateThingTypeInput is the request of CreateThingType.
type CreateThingTypeInput struct {
	ThingTypeName string               `json:"-" path:"thingTypeName"`
	Properties    *ThingTypeProperties `json:"thingTypeProperties"`
	Tags          []Tag                `json:"tags"`
}

// CreateThingTypeOutput is its answer.
type CreateThingTypeOutput struct {
	ThingTypeName string `json:"thingTypeName"`
	ThingTypeArn  string `json:"thingTypeArn"`
	ThingTypeID   string `json:"thingTypeId"`
}

// CreateThingType makes a thing type. Doing it again with the same properties
// answers as the first time.
func (s *State) CreateThingType(_ context.Context, in *CreateThingTypeInput) (*CreateThingTypeOutput, error) {
	if len(in.ThingTypeName) > maxName || !thingName.MatchString(in.ThingTypeName) {
		return nil, invalid("thing type name %q must match %s and have at most %d characters", in.ThingTypeName, thingName, maxName)
	}
	var p ThingTypeProperties
	if in.Properties != nil {
		p = *in.Properties
	}
	if len(p.Searchable) > maxSearchable || len(p.Description) > maxDescription {
		return nil, invalid("thing type %s has more than %d searchable attributes or a description of more than %d characters",
			in.ThingTypeName, maxSearchable, maxDescription)
	}
	defer s.change()()
	t, ok := s.types[in.ThingTypeName]
	if ok && !sameProperties(t.properties, p) {
		return nil, wire.Errorf(codeExists, 409, "ThingType %s already exists in account with different properties", t.name)
	}
	if !ok {
		if err := s.tag(s.arn("thingtype/"+in.ThingTypeName), in.Tags); err != nil {
			return nil, err
		}
		t = &thingType{name: in.ThingTypeName, id: wire.NewRequestID(), properties: p, created: time.Now().UTC()}
		s.types[t.name] = t
		s.tellOfType(t, "created")
	}
	return &CreateThingTypeOutput{t.name, s.arn("thingtype/" + t.name), t.id}, nil
}

func sameProperties(a, b ThingTypeProperties) bool {
	if a.Description != b.Description || len(a.Searchable) != len(b.Searchable) {
		return false
	}
	for i := range a.Searchable {
		if a.Searchable[i] != b.Searchable[i] {
			return false
		}
	}
	return true
}

// ThingTypeMetadata tells when a type was made and deprecated.
type ThingTypeMetadata struct {
	Deprecated      bool       `json:"deprecated"`
	DeprecationDate *wire.Time `json:"deprecationDate,omitempty"`
	CreationDate    wire.Time  `json:"creationDate"`
}

// ThingTypeNameInput is the request of operations on one thing type.
type ThingTypeNameInput struct {
	ThingTypeName string `json:"-" path:"thingTypeName"`
}

// ThingTypeDescription is a thing type as DescribeThingType and ListThingTypes
// answer it; a list has no id.
type ThingTypeDescription struct {
	ThingTypeName string              `json:"thingTypeName"`
	ThingTypeArn  string              `json:"thingTypeArn"`
	ThingTypeID   string              `json:"thingTypeId,omitempty"`
	Properties    ThingTypeProperties `json:"thingTypeProperties"`
	Metadata      ThingTypeMetadata   `json:"thingTypeMetadata"`
}

// DescribeThingType answers what is known of a type.
func (s *State) DescribeThingType(_ context.Context, in *ThingTypeNameInput) (*ThingTypeDescription, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.thingType(in.ThingTypeName)
	if err != nil {
		return nil, err
	}
	d := s.describeType(t)
	d.ThingTypeID = t.id
	return &d, nil
}

func (s *State) thingType(name string) (*thingType, error) {
	t, ok := s.types[name]
	if !ok {
		return nil, notFound("ThingType %s not found", name)
	}
	return t, nil
}

func (s *State) describeType(t *thingType) ThingTypeDescription {
	d := ThingTypeDescription{ThingTypeName: t.name, ThingTypeArn: s.arn("thingtype/" + t.name), Properties: t.properties}
	d.Metadata = ThingTypeMetadata{Deprecated: !t.deprecated.IsZero(), CreationDate: wire.At(t.created)}
	if d.Metadata.Deprecated {
		at := wire.At(t.deprecated)
		d.Metadata.DeprecationDate = &at
	}
	return d
}

// ListThingTypesInput is the request of ListThingTypes.
type ListThingTypesInput struct {
	ThingTypeName string `json:"-" query:"thingTypeName"`
	MaxResults    int    `json:"-" query:"maxResults"`
	NextToken     string `json:"-" query:"nextToken"`
}

// ListThingTypesOutput is its answer.
type ListThingTypesOutput struct {
	ThingTypes []ThingTypeDescription `json:"thingTypes"`
	NextToken  string                 `json:"nextToken,omitempty"`
}

// ListThingTypes lists types by name, or the one of that name.
func (s *State) ListThingTypes(_ context.Context, in *ListThingTypesInput) (*ListThingTypesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []string
	for _, name := range sortedKeys(s.types) {
		if in.ThingTypeName == "" || in.ThingTypeName == name {
			all = append(all, name)
		}
	}
	page, next, err := pageOf(all, in.MaxResults, in.NextToken, func(name string) ThingTypeDescription {
		return s.describeType(s.types[name])
	})
	if err != nil {
		return nil, err
	}
	return &ListThingTypesOutput{page, next}, nil
}

// DeprecateThingTypeInput is the request of DeprecateThingType.
type DeprecateThingTypeInput struct {
	ThingTypeName string `json:"-" path:"thingTypeName"`
	Undo          bool   `json:"undoDeprecate"`
}

// DeprecateThingType forbids (or allows again) that things take the type.
func (s *State) DeprecateThingType(_ context.Context, in *DeprecateThingTypeInput) (*Empty, error) {
	defer s.change()()
	t, err := s.thingType(in.ThingTypeName)
	if err != nil {
		return nil, err
	}
	t.deprecated = time.Time{}
	if !in.Undo {
		t.deprecated = time.Now().UTC()
	}
	s.tellOfType(t, "updated")
	return &Empty{}, nil
}

// DeleteThingType forgets a deprecated type that no thing has. AWS wants five
// minutes between deprecation and deletion; here there is no wait.
func (s *State) DeleteThingType(_ context.Context, in *ThingTypeNameInput) (*Empty, error) {
	defer s.change()()
	t, err := s.thingType(in.ThingTypeName)
	if err != nil {
		return nil, err
	}
	if t.deprecated.IsZero() {
		return nil, invalid("Cannot delete thing type %s: it must be deprecated first", t.name)
	}
	for _, thing := range s.things {
		if thing.kind == t.name {
			return nil, invalid("Cannot delete thing type %s: thing %s has it", t.name, thing.name)
		}
	}
	delete(s.types, t.name)
	s.tellOfType(t, "deleted")
	delete(s.tags, s.arn("thingtype/"+t.name))
	return &Empty{}, nil
}

// mayHaveType tells whether a thing may take a type, empty for none.
func (s *State) mayHaveType(kind string) error {
	if kind == "" {
		return nil
	}
	t, err := s.thingType(kind)
	if err == nil && !t.deprecated.IsZero() {
		return invalid("Can not create new thing with deprecated thing type %s", kind)
	}
	return err
}

package registry

import "context"

// How a certificate has its things:
// https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
const (
	exclusiveThing = "EXCLUSIVE_THING"
	sharedThing    = "NON_EXCLUSIVE_THING"
)

// principalType is how a certificate has its things.
func (c *certificate) principalType() string {
	if c.exclusive {
		return exclusiveThing
	}
	return sharedThing
}

// mayHave tells whether a certificate can have one more thing.
func (c *certificate) mayHave(thing string, exclusive bool) error {
	alone := len(c.things) == 0 || len(c.things) == 1 && c.things[thing]
	if (exclusive || c.exclusive) && !alone {
		return invalid("the principal is attached to another thing than %s, so it cannot be an exclusive one's", thing)
	}
	return nil
}

func checkPrincipalType(kind string) error {
	if kind != "" && kind != exclusiveThing && kind != sharedThing {
		return invalid("thingPrincipalType is %s or %s, not %q", exclusiveThing, sharedThing, kind)
	}
	return nil
}

// ListThingPrincipalsV2Input is the request of ListThingPrincipalsV2.
type ListThingPrincipalsV2Input struct {
	ThingName  string `json:"-" path:"thingName"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
	Type       string `json:"-" query:"thingPrincipalType"`
}

// ThingPrincipal is a certificate of a thing.
type ThingPrincipal struct {
	Principal string `json:"principal"`
	Type      string `json:"thingPrincipalType"`
}

// ListThingPrincipalsV2Output is its answer.
type ListThingPrincipalsV2Output struct {
	Principals []ThingPrincipal `json:"thingPrincipalObjects"`
	NextToken  string           `json:"nextToken,omitempty"`
}

// ListThingPrincipalsV2 lists the certificates of a thing, with how they have it.
func (s *State) ListThingPrincipalsV2(_ context.Context, in *ListThingPrincipalsV2Input) (*ListThingPrincipalsV2Output, error) {
	if err := checkPrincipalType(in.Type); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	all := []ThingPrincipal{}
	for _, id := range sortedKeys(t.principals) {
		if kind := s.certificates[id].principalType(); in.Type == "" || in.Type == kind {
			all = append(all, ThingPrincipal{s.certificateARN(id), kind})
		}
	}
	page, next, err := Page(all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListThingPrincipalsV2Output{page, next}, nil
}

// ListPrincipalThingsV2Input is the request of ListPrincipalThingsV2.
type ListPrincipalThingsV2Input struct {
	Principal  string `json:"-" header:"X-Amzn-Principal"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
	Type       string `json:"-" query:"thingPrincipalType"`
}

// PrincipalThing is a thing of a certificate.
type PrincipalThing struct {
	ThingName string `json:"thingName"`
	Type      string `json:"thingPrincipalType"`
}

// ListPrincipalThingsV2Output is its answer.
type ListPrincipalThingsV2Output struct {
	Things    []PrincipalThing `json:"principalThingObjects"`
	NextToken string           `json:"nextToken,omitempty"`
}

// ListPrincipalThingsV2 lists the things of a certificate, with how it has them.
func (s *State) ListPrincipalThingsV2(_ context.Context, in *ListPrincipalThingsV2Input) (*ListPrincipalThingsV2Output, error) {
	if err := checkPrincipalType(in.Type); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.targetCertificate(in.Principal)
	if err != nil {
		return nil, err
	}
	all := []PrincipalThing{}
	if kind := c.principalType(); in.Type == "" || in.Type == kind {
		for _, name := range sortedKeys(c.things) {
			all = append(all, PrincipalThing{name, kind})
		}
	}
	page, next, err := Page(all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListPrincipalThingsV2Output{page, next}, nil
}

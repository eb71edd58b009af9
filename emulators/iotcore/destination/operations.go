package destination

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Empty is the answer of an operation that answers nothing.
type Empty = registry.Empty

// Routes are the operations on destinations.
func (s *State) Routes() []wire.Route {
	return []wire.Route{
		{Name: "CreateTopicRuleDestination", Method: "POST", Path: "/destinations", Op: wire.Op(s.Create)},
		{Name: "GetTopicRuleDestination", Method: "GET", Path: "/destinations/{arn+}", Op: wire.Op(s.Get)},
		{Name: "ListTopicRuleDestinations", Method: "GET", Path: "/destinations", Op: wire.Op(s.List)},
		{Name: "UpdateTopicRuleDestination", Method: "PATCH", Path: "/destinations", Op: wire.Op(s.Update)},
		{Name: "DeleteTopicRuleDestination", Method: "DELETE", Path: "/destinations/{arn+}", Op: wire.Op(s.Delete)},
		{Name: "ConfirmTopicRuleDestination", Method: "GET", Path: ConfirmPrefix + "{confirmationToken+}", Op: wire.Op(s.Confirm)},
	}
}

// Create makes a destination and sends it its confirmation message. The answer is what
// was known before the server's.
func (s *State) Create(ctx context.Context, in *CreateInput) (*Output, error) {
	if in.Configuration.HTTP == nil {
		return nil, invalid("CreateTopicRuleDestination: destinationConfiguration.httpUrlConfiguration is missing")
	}
	address := in.Configuration.HTTP.ConfirmationURL
	if err := CheckURL(address); err != nil {
		return nil, invalid("CreateTopicRuleDestination: confirmationUrl %s", err)
	}
	out, due, err := s.add(address)
	if err != nil {
		return nil, err
	}
	s.send(ctx, due)
	return out, nil
}

func (s *State) add(address string) (*Output, challenge, error) {
	if s.config.Web == nil {
		return nil, challenge{}, invalid("CreateTopicRuleDestination: this cloud calls no web servers")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of(address) != nil {
		return nil, challenge{}, wire.Errorf("ResourceAlreadyExistsException", 409, "Topic rule destination already exists: %s", address)
	}
	if len(s.byARN) >= maxDestinations {
		return nil, challenge{}, invalid("CreateTopicRuleDestination: the account has %d destinations already", maxDestinations)
	}
	d := &destination{arn: s.config.Identity.ARN("iot", "ruledestination/http/"+wire.NewRequestID()), url: address, created: time.Now()}
	s.byARN[d.arn] = d
	due := d.begin()
	return d.describe(), due, nil
}

// Require makes the destinations of a rule's http actions that are not there.
func (s *State) Require(ctx context.Context, confirmationURLs []string) error {
	for _, address := range confirmationURLs {
		s.mu.Lock()
		d := s.of(address)
		s.mu.Unlock()
		if d != nil {
			continue
		}
		in := &CreateInput{}
		in.Configuration.HTTP = &HTTPConfiguration{address}
		if _, err := s.Create(ctx, in); err != nil && wire.AsError(err).Code != "ResourceAlreadyExistsException" { // another rule was quicker
			return err
		}
	}
	return nil
}

// Get answers one destination.
func (s *State) Get(_ context.Context, in *ARNInput) (*Output, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byARN[in.ARN]
	if !ok {
		return nil, unknown(in.ARN)
	}
	return d.describe(), nil
}

// List answers a page of the destinations.
func (s *State) List(_ context.Context, in *ListInput) (*ListOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, next, err := registry.Page(s.sorted(), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListOutput{Destinations: []Summary{}, NextToken: next}
	for _, d := range page {
		out.Destinations = append(out.Destinations, Summary(d.describe().Destination))
	}
	return out, nil
}

// Update switches a confirmed destination on and off, or sends a new message.
func (s *State) Update(ctx context.Context, in *UpdateInput) (*Empty, error) {
	due, err := s.update(in)
	if err == nil && due != nil {
		s.send(ctx, *due)
	}
	return &Empty{}, err
}

func (s *State) update(in *UpdateInput) (*challenge, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byARN[in.ARN]
	if !ok {
		return nil, unknown(in.ARN)
	}
	from := map[Status]Status{Enabled: Disabled, Disabled: Enabled}
	switch now := d.now(); {
	case in.Status == InProgress:
		due := d.begin()
		return &due, nil
	case from[in.Status] == "":
		return nil, invalid("UpdateTopicRuleDestination: status %q is not ENABLED, DISABLED or IN_PROGRESS", in.Status)
	case now != from[in.Status]:
		return nil, invalid("UpdateTopicRuleDestination: a destination becomes %s from %s; the status of %s is %s", in.Status, from[in.Status], in.ARN, now)
	}
	d.set(in.Status)
	return nil, nil
}

// Delete forgets a destination; rules that post to it fail.
func (s *State) Delete(_ context.Context, in *ARNInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byARN[in.ARN]; !ok {
		return nil, unknown(in.ARN)
	}
	delete(s.byARN, in.ARN)
	return &Empty{}, nil
}

func (d *destination) set(status Status) {
	d.status, d.reason, d.updated = status, "", time.Now()
}

func (d *destination) describe() *Output {
	status := d.now() // before the members that it changes
	return &Output{Description{
		ARN: d.arn, CreatedAt: wire.At(d.created), LastUpdatedAt: wire.At(d.updated),
		Status: status, StatusReason: d.reason, HTTP: HTTPConfiguration{d.url},
	}}
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}

// unknown is the answer of AWS for a destination that does not exist: its operations
// have no other error for it.
// https://docs.aws.amazon.com/iot/latest/apireference/API_GetTopicRuleDestination.html
func unknown(arn string) error {
	return wire.Errorf("UnauthorizedException", 401, "Access to topic rule destination '%s' was denied", arn)
}

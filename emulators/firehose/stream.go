package firehose

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// stream is a Firehose stream; the State's lock guards it.
type stream struct {
	name             string
	version          int
	created, changed time.Time
	destination      destination
	tags             map[string]string
	buffer, failed   *batch // nil: empty
	work             *work  // nil: empty
	works            int    // so far
	taken            uint64 // records that were put
	deleted          bool

	source  *KinesisStreamSource // nil: DirectPut
	readers map[string]*reader   // by shard
	listed  bool                 // the shards were, since the last that ended
	stop    context.CancelFunc   // ends the reading; nil: it has not begun
}

// kind is the DeliveryStreamType.
func (st *stream) kind() string {
	if st.source != nil {
		return kinesisSource
	}
	return directPut
}

const (
	maxStreams    = 5000
	directPut     = "DirectPut"
	kinesisSource = "KinesisStreamAsSource"
	destinationID = "destinationId-000000000001" // a stream has one
)

var streamName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`)

// CreateDeliveryStreamInput makes a stream.
type CreateDeliveryStreamInput struct {
	DeliveryStreamName                 string
	DeliveryStreamType                 string // DirectPut by default
	KinesisStreamSourceConfiguration   *KinesisStreamSource
	S3DestinationConfiguration         *S3Destination
	ExtendedS3DestinationConfiguration *ExtendedS3Destination
	Tags                               []Tag
}

// CreateDeliveryStreamOutput is the ARN of the stream.
type CreateDeliveryStreamOutput struct{ DeliveryStreamARN string }

// CreateDeliveryStream makes a stream. Errors: InvalidArgumentException,
// ResourceInUseException, LimitExceededException.
func (s *State) CreateDeliveryStream(ctx context.Context, in *CreateDeliveryStreamInput) (*CreateDeliveryStreamOutput, error) {
	const operation = "CreateDeliveryStream"
	if !streamName.MatchString(in.DeliveryStreamName) {
		return nil, invalid("Value '%.100s' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", in.DeliveryStreamName, streamName)
	}
	if err := s.checkSource(ctx, operation, in.DeliveryStreamName, cmp.Or(in.DeliveryStreamType, directPut), in.KinesisStreamSourceConfiguration); err != nil {
		return nil, err
	}
	given, err := oneOf("DestinationConfiguration", in.S3DestinationConfiguration, in.ExtendedS3DestinationConfiguration)
	if err != nil {
		return nil, err
	}
	d, err := s.checked(operation, in.DeliveryStreamName, newDestination(), given)
	if err != nil {
		return nil, err
	}
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.streams[in.DeliveryStreamName]; ok {
		return nil, wire.Errorf("ResourceInUseException", 0, "Firehose %s under accountId %s already exists", in.DeliveryStreamName, s.config.Identity.Account)
	}
	if len(s.streams) >= maxStreams {
		return nil, wire.Errorf("LimitExceededException", 0, "There are %d Firehose streams already.", maxStreams)
	}
	now := time.Now()
	s.streams[in.DeliveryStreamName] = &stream{
		name: in.DeliveryStreamName, version: 1, created: now, changed: now, destination: d, tags: tags,
		source: in.KinesisStreamSourceConfiguration, readers: map[string]*reader{},
	}
	s.notify() // there may be a source to read
	return &CreateDeliveryStreamOutput{s.arn(in.DeliveryStreamName)}, nil
}

// oneOf is the destination of a request, which has two shapes for it.
func oneOf(member string, plain *S3Destination, extended *ExtendedS3Destination) (*ExtendedS3Destination, error) {
	switch {
	case (plain == nil) == (extended == nil):
		return nil, invalid("Exactly one of S3%[1]s and ExtendedS3%[1]s must be given.", member)
	case extended != nil:
		return extended, nil
	}
	return &ExtendedS3Destination{S3Destination: *plain}, nil
}

// checked is a stream's destination with what a request gives.
func (s *State) checked(operation, stream string, before destination, given *ExtendedS3Destination) (destination, error) {
	d, err := before.with(operation, given)
	if err != nil {
		return d, err
	}
	if d.function != nil && s.config.Functions == nil {
		return d, unsupported(operation, "processor Lambda without functions")
	}
	return d, s.assumesAll(stream, d)
}

func (s *State) arn(name string) string {
	return s.config.Identity.ARN("firehose", "deliverystream/"+name)
}

// DeleteDeliveryStreamInput names a stream. AllowForceDelete is about keys of KMS,
// which no stream has.
type DeleteDeliveryStreamInput struct {
	DeliveryStreamName string
	AllowForceDelete   bool
}

// DeleteDeliveryStream ends a stream; what it has buffered is delivered.
func (s *State) DeleteDeliveryStream(_ context.Context, in *DeleteDeliveryStreamInput) (*Empty, error) {
	return s.on(in.DeliveryStreamName, func(st *stream) error {
		s.sealWork(st)
		s.seal(st)
		st.deleted = true
		if st.stop != nil {
			st.stop()
		}
		delete(s.streams, st.name)
		return nil
	})
}

// ListDeliveryStreamsInput asks for names after one.
type ListDeliveryStreamsInput struct {
	DeliveryStreamType               string
	ExclusiveStartDeliveryStreamName string
	Limit                            *int
}

// ListDeliveryStreamsOutput is names in order.
type ListDeliveryStreamsOutput struct {
	DeliveryStreamNames    []string
	HasMoreDeliveryStreams bool
}

// ListDeliveryStreams lists names, 10 unless Limit says otherwise.
func (s *State) ListDeliveryStreams(_ context.Context, in *ListDeliveryStreamsInput) (*ListDeliveryStreamsOutput, error) {
	limit, err := limitOf(in.Limit, 10, 10_000)
	if err != nil {
		return nil, err
	}
	switch in.DeliveryStreamType {
	case "", directPut, kinesisSource, "MSKAsSource", "DatabaseAsSource":
	default:
		return nil, invalid("Value '%.100s' at 'deliveryStreamType' failed to satisfy constraint: Member must satisfy enum value set: [DirectPut, KinesisStreamAsSource, MSKAsSource, DatabaseAsSource]", in.DeliveryStreamType)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListDeliveryStreamsOutput{DeliveryStreamNames: []string{}}
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		if name <= in.ExclusiveStartDeliveryStreamName || in.DeliveryStreamType != "" && in.DeliveryStreamType != s.streams[name].kind() {
			continue
		}
		if len(out.DeliveryStreamNames) == limit {
			out.HasMoreDeliveryStreams = true
			break
		}
		out.DeliveryStreamNames = append(out.DeliveryStreamNames, name)
	}
	return out, nil
}

// limitOf is how many a page has, from 1 to most.
func limitOf(limit *int, otherwise, most int) (int, error) {
	if limit == nil {
		return otherwise, nil
	}
	if *limit < 1 || *limit > most {
		return 0, invalid("Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", *limit, most)
	}
	return *limit, nil
}

// DescribeDeliveryStreamInput names a stream; it has one destination, which is within
// any Limit.
type DescribeDeliveryStreamInput struct {
	DeliveryStreamName          string
	ExclusiveStartDestinationID string `json:"ExclusiveStartDestinationId"`
	Limit                       *int
}

// DescribeDeliveryStreamOutput is a stream.
type DescribeDeliveryStreamOutput struct{ DeliveryStreamDescription Description }

// Description is a stream as DescribeDeliveryStream answers it.
type Description struct {
	DeliveryStreamName                    string
	DeliveryStreamARN                     string
	DeliveryStreamStatus                  string
	DeliveryStreamType                    string
	DeliveryStreamEncryptionConfiguration struct{ Status string }
	VersionID                             string `json:"VersionId"`
	CreateTimestamp                       wire.Time
	LastUpdateTimestamp                   *wire.Time         `json:",omitempty"`
	Source                                *SourceDescription `json:",omitempty"`
	Destinations                          []DestinationDescription
	HasMoreDestinations                   bool
}

// SourceDescription is what a stream reads, and from when on.
type (
	SourceDescription struct {
		KinesisStreamSourceDescription *KinesisStreamSourceDescription
	}
	KinesisStreamSourceDescription struct {
		KinesisStreamSource
		DeliveryStartTimestamp wire.Time
	}
)

// DestinationDescription is the destination in both shapes, as AWS answers it.
type DestinationDescription struct {
	DestinationID                    string `json:"DestinationId"`
	S3DestinationDescription         *S3Destination
	ExtendedS3DestinationDescription *ExtendedS3Destination
}

// DescribeDeliveryStream answers a stream.
func (s *State) DescribeDeliveryStream(_ context.Context, in *DescribeDeliveryStreamInput) (*DescribeDeliveryStreamOutput, error) {
	if _, err := limitOf(in.Limit, 1, 10_000); err != nil {
		return nil, err
	}
	out := &DescribeDeliveryStreamOutput{}
	_, err := s.on(in.DeliveryStreamName, func(st *stream) error {
		d := &out.DeliveryStreamDescription
		d.DeliveryStreamName, d.DeliveryStreamARN, d.DeliveryStreamStatus, d.DeliveryStreamType = st.name, s.arn(st.name), "ACTIVE", st.kind()
		if st.source != nil {
			d.Source = &SourceDescription{&KinesisStreamSourceDescription{*st.source, wire.At(st.created)}}
		}
		d.DeliveryStreamEncryptionConfiguration.Status = "DISABLED"
		d.VersionID, d.CreateTimestamp = strconv.Itoa(st.version), wire.At(st.created)
		if st.version > 1 {
			d.LastUpdateTimestamp = new(wire.At(st.changed))
		}
		d.Destinations = []DestinationDescription{}
		if in.ExclusiveStartDestinationID < destinationID {
			extended := st.destination.describe()
			d.Destinations = append(d.Destinations, DestinationDescription{destinationID, &extended.S3Destination, extended})
		}
		return nil
	})
	return out, err
}

// UpdateDestinationInput changes a stream's destination.
type UpdateDestinationInput struct {
	DeliveryStreamName             string
	CurrentDeliveryStreamVersionID string `json:"CurrentDeliveryStreamVersionId"`
	DestinationID                  string `json:"DestinationId"`
	S3DestinationUpdate            *S3Destination
	ExtendedS3DestinationUpdate    *ExtendedS3Destination
}

// UpdateDestination changes what the request has and leaves the rest. Errors:
// InvalidArgumentException, ResourceNotFoundException,
// ConcurrentModificationException.
func (s *State) UpdateDestination(_ context.Context, in *UpdateDestinationInput) (*Empty, error) {
	given, err := oneOf("DestinationUpdate", in.S3DestinationUpdate, in.ExtendedS3DestinationUpdate)
	if err != nil {
		return nil, err
	}
	return s.on(in.DeliveryStreamName, func(st *stream) error {
		if in.DestinationID != destinationID {
			return invalid("Destination Id %.100s not found", in.DestinationID)
		}
		if in.CurrentDeliveryStreamVersionID != strconv.Itoa(st.version) {
			return wire.Errorf("ConcurrentModificationException", 0, "Cannot update firehose: %s since the current version id: %d and specified version id: %.20s do not match",
				st.name, st.version, in.CurrentDeliveryStreamVersionID)
		}
		d, err := s.checked("UpdateDestination", st.name, st.destination, given)
		if err != nil {
			return err
		}
		s.sealWork(st)
		s.seal(st)
		st.destination, st.changed = d, time.Now()
		st.version++
		return nil
	})
}

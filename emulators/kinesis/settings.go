package kinesis

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Modes of capacity. On demand a stream has four shards; it does not grow here.
const (
	provisionedMode = "PROVISIONED"
	onDemandMode    = "ON_DEMAND"
	onDemandShards  = 4
)

// Bounds of a stream's settings.
const (
	leastRetention = 24 * time.Hour
	mostRetention  = 8760 * time.Hour
	leastRecord    = 1 << 20 // bytes; the default
	mostRecord     = 10 << 20
)

// RetentionInput says how long a stream keeps records.
type RetentionInput struct {
	StreamRef
	RetentionPeriodHours int
}

// IncreaseStreamRetentionPeriod keeps records for longer, up to 8,760 hours.
func (s *State) IncreaseStreamRetentionPeriod(_ context.Context, in *RetentionInput) (*Empty, error) {
	return s.retain(in, "shorter", "DecreaseRetentionPeriod", func(had, wanted time.Duration) bool { return wanted >= had })
}

// DecreaseStreamRetentionPeriod keeps records for less, down to 24 hours; older
// ones are gone at once.
func (s *State) DecreaseStreamRetentionPeriod(_ context.Context, in *RetentionInput) (*Empty, error) {
	return s.retain(in, "longer", "IncreaseRetentionPeriod", func(had, wanted time.Duration) bool { return wanted <= had })
}

// retain sets the retention; wrong is what it must not be, which another operation is
// for.
func (s *State) retain(in *RetentionInput, wrong, other string, fits func(had, wanted time.Duration) bool) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	hours, least, most := in.RetentionPeriodHours, int(leastRetention/time.Hour), int(mostRetention/time.Hour)
	wanted := time.Duration(min(hours, most)) * time.Hour
	switch {
	case hours < least:
		return nil, wire.Errorf("InvalidArgumentException", 0, "Minimum allowed retention period is %d hours. Requested retention period (%d hours) is too short.", least, hours)
	case hours > most:
		return nil, wire.Errorf("InvalidArgumentException", 0, "Maximum allowed retention period is %d hours. Requested retention period (%d hours) is too long.", most, hours)
	case !fits(st.retention, wanted):
		return nil, wire.Errorf("InvalidArgumentException", 0, "Requested retention period (%d hours) for stream %s can not be %s than existing retention period (%d hours). Use %s API.",
			hours, st.name, wrong, int(st.retention/time.Hour), other)
	}
	// What has expired does not come back with a longer one.
	now := time.Now()
	st.expire(now)
	st.retention = wanted
	for _, sh := range st.shards {
		sh.trim(now)
		sh.retention = wanted
		sh.trim(now)
	}
	return &Empty{}, nil
}

// Retention is how long a stream keeps records.
func (s *State) Retention(name string) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(name, "")
	if err != nil {
		return 0, err
	}
	return st.retention, nil
}

// UpdateStreamModeInput changes how capacity is paid for.
type UpdateStreamModeInput struct {
	StreamARN         string
	StreamModeDetails StreamModeDetails
}

// UpdateStreamMode switches between provisioned and on-demand; shards stay.
func (s *State) UpdateStreamMode(_ context.Context, in *UpdateStreamModeInput) (*Empty, error) {
	if err := checkMode(in.StreamModeDetails.StreamMode); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream("", in.StreamARN)
	if err != nil {
		return nil, err
	}
	mode := in.StreamModeDetails.StreamMode
	if mode == st.mode {
		return &Empty{}, nil
	}
	if err := s.room(mode, len(st.open)); err != nil {
		return nil, err
	}
	if s.enforce && !st.modes.take(time.Now(), modesPerDay) {
		return nil, wire.Errorf("LimitExceededException", 0, "Stream %s under account %s has changed its mode %d times within 24 hours.", st.name, s.id.Account, modesPerDay)
	}
	st.mode = mode
	return &Empty{}, nil
}

func checkMode(mode string) error {
	if mode == provisionedMode || mode == onDemandMode {
		return nil
	}
	return wire.Errorf("ValidationException", 0, "StreamMode %q is not PROVISIONED or ON_DEMAND", mode)
}

// UpdateMaxRecordSizeInput says how large a record may be.
type UpdateMaxRecordSizeInput struct {
	StreamARN          string
	MaxRecordSizeInKiB int
}

// UpdateMaxRecordSize lets records have up to 10 MiB, keys included.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html
func (s *State) UpdateMaxRecordSize(_ context.Context, in *UpdateMaxRecordSizeInput) (*Empty, error) {
	if in.MaxRecordSizeInKiB < leastRecord>>10 || in.MaxRecordSizeInKiB > mostRecord>>10 {
		return nil, wire.Errorf("ValidationException", 0, "MaxRecordSizeInKiB %d is not between %d and %d", in.MaxRecordSizeInKiB, leastRecord>>10, mostRecord>>10)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream("", in.StreamARN)
	if err != nil {
		return nil, err
	}
	st.maxRecord = in.MaxRecordSizeInKiB << 10
	return &Empty{}, nil
}

// EncryptionInput says by which key records are encrypted.
type EncryptionInput struct {
	StreamRef
	EncryptionType string
	KeyId          string
}

// StartStreamEncryption has the stream answer that its records are encrypted with
// a KMS key. They are in memory here, as they are: only the answers change.
func (s *State) StartStreamEncryption(_ context.Context, in *EncryptionInput) (*Empty, error) {
	return s.encrypt(in, in.KeyId)
}

// StopStreamEncryption has it answer NONE again.
func (s *State) StopStreamEncryption(_ context.Context, in *EncryptionInput) (*Empty, error) {
	return s.encrypt(in, "")
}

func (s *State) encrypt(in *EncryptionInput, key string) (*Empty, error) {
	if in.EncryptionType != "KMS" || in.KeyId == "" {
		return nil, wire.Errorf("ValidationException", 0, "EncryptionType %q is not KMS, or there is no KeyId", in.EncryptionType)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	st.keyID = key
	return &Empty{}, nil
}

func (st *stream) encryption() string {
	if st.keyID == "" {
		return "NONE"
	}
	return "KMS"
}

// recordEncryption is that of a record that is read: it is left out without.
func (st *stream) recordEncryption() string {
	if st.keyID == "" {
		return ""
	}
	return "KMS"
}

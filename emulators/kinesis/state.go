package kinesis

import (
	"context"
	"crypto/md5"
	"fmt"
	"math/big"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of the service. See AWS.md §3 and
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const (
	maxPutRecords   = 500
	maxPutBytes     = 10 << 20
	maxGetRecords   = 10_000
	maxGetBytes     = 10 << 20
	maxPartitionKey = 256
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Appended, if set, is told each record that a shard takes; it must not block.
	Appended func(stream, shard string)
	// Enforce applies AWS's quotas of a shard's rates: see quota.go. Next, by which
	// mappings in this process read, is not held to them.
	Enforce bool
}

// State is the streams of one account and region.
type State struct {
	id      wire.Identity
	tap     func(stream, shard string)
	enforce bool
	mu      sync.Mutex
	streams map[string]*stream
	// consumers are by ARN, of all streams.
	consumers map[string]*consumer
}

// New makes an empty State.
func New(c Config) *State {
	return &State{id: c.Identity.OrDefault(), tap: c.Appended, enforce: c.Enforce, streams: map[string]*stream{}, consumers: map[string]*consumer{}}
}

type stream struct {
	name      string
	created   time.Time
	shards    []*shard // by index; those that are closed, too
	open      []*shard // by hash key
	numbers   int      // shards ever made
	mode      string
	retention time.Duration
	maxRecord int // bytes of key and data
	tags      map[string]string
	keyID     string // of KMS; empty without encryption
	modes     recent // changes of the mode
	scalings  recent // UpdateShardCount
	// What shards' rates refused.
	refusedWrites, refusedReads minutes
	deleted                     chan struct{}
}

// shard is a range of hash keys with its records in order.
//
//	made ── open: takes records ── closed: is read to its end ── expired: gone
type shard struct {
	id        string
	low, high *big.Int
	parents   []string
	children  []*shard
	made      time.Time
	closed    time.Time     // zero while it is open
	retention time.Duration // the stream's
	records
	sequence uint64
	origin   string // what its sequence numbers begin with
	in, out  allowance
	asked    allowance     // for iterators
	appended chan struct{} // closed and replaced at each append
}

// Record is one record of a shard.
type Record struct {
	SequenceNumber              string
	PartitionKey                string
	Data                        []byte
	ApproximateArrivalTimestamp time.Time
}

var hashSpace = new(big.Int).Lsh(big.NewInt(1), 128)

// evenly divides the hash keys into n ranges.
func evenly(n int) [][2]*big.Int {
	ranges := make([][2]*big.Int, n)
	width := new(big.Int).Div(hashSpace, big.NewInt(int64(n)))
	for i := range ranges {
		low := new(big.Int).Mul(width, big.NewInt(int64(i)))
		high := new(big.Int).Sub(new(big.Int).Add(low, width), big.NewInt(1))
		if i == n-1 {
			high = new(big.Int).Sub(hashSpace, big.NewInt(1))
		}
		ranges[i] = [2]*big.Int{low, high}
	}
	return ranges
}

// originOf is what the sequence numbers of a shard begin with, of 31 digits: which shard
// it is, and of which of the streams that had its name. What a reader keeps of one that was
// deleted and made again is no place in the new one.
func originOf(shard int, created time.Time) string {
	return fmt.Sprintf("49%010d%019d", shard, created.UnixNano())
}

// sequenceNumber is decimal, of 56 digits, ascending within a shard.
func (s *shard) sequenceNumber(n uint64) string {
	number := append(make([]byte, 0, 56), s.origin...)
	digits := strconv.AppendUint(make([]byte, 0, 20), n, 10)
	for range 25 - len(digits) {
		number = append(number, '0')
	}
	return string(append(number, digits...))
}

// position is the inverse of sequenceNumber.
func (s *shard) position(number string) (uint64, bool) {
	rest, ok := strings.CutPrefix(number, s.origin)
	if !ok || len(rest) != 25 {
		return 0, false
	}
	var n uint64
	for _, digit := range rest {
		if digit < '0' || digit > '9' || n > (1<<63)/10 {
			return 0, false
		}
		n = n*10 + uint64(digit-'0')
	}
	return n, true
}

// trim drops what is older than the retention.
func (s *shard) trim(now time.Time) {
	limit := now.Add(-s.retention).UnixNano()
	if s.len() > 0 && s.list[0].at <= limit {
		s.drop(s.since(limit + 1))
	}
}

// first is the sequence of the oldest record that is there, or of the next.
func (s *shard) first() uint64 { return s.sequence - uint64(s.len()) + 1 }

// from returns at most max records from a sequence on, oldest first.
func (s *shard) from(sequence uint64, max int) []Record {
	first := s.first()
	if sequence < first {
		sequence = first
	}
	i := int(sequence - first)
	if sequence > s.sequence || i >= s.len() {
		return nil
	}
	out := make([]Record, min(s.len()-i, max))
	for k := range out {
		key, data, at := s.get(i + k)
		out[k] = Record{s.sequenceNumber(sequence + uint64(k)), key, data, at}
	}
	return out
}

func (s *shard) append(key string, data []byte, now time.Time) string {
	s.trim(now)
	s.sequence++
	s.add(key, data, now)
	close(s.appended)
	s.appended = make(chan struct{})
	return s.sequenceNumber(s.sequence)
}

func (st *stream) shardOf(key, explicit string) (*shard, error) {
	hash := new(big.Int)
	if explicit != "" {
		if err := checkHashKey("explicitHashKey", explicit); err != nil {
			return nil, err
		}
		if hash.SetString(explicit, 10); hash.Cmp(hashSpace) >= 0 {
			return nil, wire.Errorf("InvalidArgumentException", 0, "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was %s", explicit)
		}
	} else {
		sum := md5.Sum([]byte(key))
		hash.SetBytes(sum[:])
	}
	return st.openAt(hash), nil
}

// openAt is the open shard that has a hash key.
func (st *stream) openAt(hash *big.Int) *shard {
	return st.open[sort.Search(len(st.open), func(i int) bool { return st.open[i].high.Cmp(hash) >= 0 })]
}

// stream finds a stream by name or ARN; the caller holds the lock.
func (s *State) stream(name, arn string) (*stream, error) {
	if arn != "" {
		resource, isKinesis := wire.ResourceOf(arn, "kinesis")
		rest, isStream := strings.CutPrefix(resource, "stream/")
		if !isKinesis || !isStream {
			return nil, wire.Errorf("InvalidArgumentException", 0, "%q is not the ARN of a stream", arn)
		}
		if name != "" && name != rest {
			return nil, wire.Errorf("InvalidArgumentException", 0, "StreamARN %s is not that of stream %s", arn, name)
		}
		if own := s.arn(rest); arn != own {
			return nil, wire.Errorf("ResourceNotFoundException", 0, "Stream %.300s not found: those of this account and region begin with %s", arn, s.arn(""))
		}
		name = rest
	}
	if name == "" {
		return nil, wire.Errorf("InvalidArgumentException", 0, "either StreamName or StreamARN is needed")
	}
	st, ok := s.streams[name]
	if !ok {
		return nil, s.notFound(name)
	}
	return st, nil
}

// NameOf is the name of the stream with an ARN, if there is one.
func (s *State) NameOf(arn string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream("", arn)
	if err != nil {
		return "", err
	}
	return st.name, nil
}

func (s *State) notFound(name string) error {
	return wire.Errorf("ResourceNotFoundException", 0, "Stream %s under account %s not found.", name, s.id.Account)
}

func (st *stream) shard(id string) (*shard, bool) {
	st.expire(time.Now())
	for _, sh := range st.shards {
		if sh.id == id {
			return sh, true
		}
	}
	return nil, false
}

// Start is where a shard is read from when nothing was read yet.
type Start struct {
	// Position is TRIM_HORIZON, LATEST or AT_TIMESTAMP.
	Position string
	At       time.Time
}

// ShardIDs lists a stream's shards, closed ones that still have records too.
func (s *State) ShardIDs(name string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(name, "")
	if err != nil {
		return nil, err
	}
	st.expire(time.Now())
	var ids []string
	for _, sh := range st.shards {
		ids = append(ids, sh.id)
	}
	return ids, nil
}

// Next waits for records after a sequence number, or from start where after is
// empty, and returns at most max of them. Once woken it lets a nanosecond pass,
// so that all appends of one instant are seen. It ends with ctx's error, or with
// ErrShardEnd when the shard is closed and read to its end.
func (s *State) Next(ctx context.Context, name, shardID, after string, start Start, max int) ([]Record, error) {
	var next uint64
	for first := true; ; first = false {
		s.mu.Lock()
		st, sh, err := s.lookup(name, shardID)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		if first {
			if next, err = sh.resume(after, start); err != nil {
				s.mu.Unlock()
				return nil, err
			}
		}
		sh.trim(time.Now())
		records := sh.from(next, max)
		appended, ended := sh.appended, sh.ended(next)
		s.mu.Unlock()
		if len(records) > 0 {
			return records, nil
		}
		if ended {
			return nil, ErrShardEnd
		}
		select {
		case <-appended:
			time.Sleep(time.Nanosecond)
		case <-st.deleted:
			return nil, s.notFound(name)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *State) lookup(name, shardID string) (*stream, *shard, error) {
	st, err := s.stream(name, "")
	if err != nil {
		return nil, nil, err
	}
	sh, ok := st.shard(shardID)
	if !ok {
		return nil, nil, wire.Errorf("ResourceNotFoundException", 0, "Shard %s in stream %s under account %s does not exist", shardID, name, s.id.Account)
	}
	return st, sh, nil
}

// resume is the sequence at which reading begins.
func (s *shard) resume(after string, start Start) (uint64, error) {
	if after != "" {
		n, ok := s.position(after)
		if !ok {
			return 0, wire.Errorf("InvalidArgumentException", 0, "StartingSequenceNumber %.130s used in GetShardIterator on shard %s is invalid because it did not come from this stream.", after, s.id)
		}
		return n + 1, nil
	}
	switch start.Position {
	case "TRIM_HORIZON":
		return s.first(), nil
	case "LATEST":
		return s.sequence + 1, nil
	case "AT_TIMESTAMP":
		return s.first() + uint64(s.since(start.At.UnixNano())), nil
	}
	return 0, wire.Errorf("InvalidArgumentException", 0, "starting position %q", start.Position)
}

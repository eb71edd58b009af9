package dynamodb

import (
	"context"
	"encoding/binary"
	"math/bits"
)

// maxSegments bounds a parallel scan.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
const maxSegments = 1_000_000

// ScanInput is the request of Scan. A parallel scan has a Segment, from zero, of
// TotalSegments.
type ScanInput struct {
	Read
	Segment       *int
	TotalSegments *int
}

// Scan reads all items, in no useful order.
func (s *State) Scan(_ context.Context, in *ScanInput) (*ReadOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.pointless(nil, false); err != nil {
		return nil, err
	}
	sp, err := in.segment()
	if err != nil {
		return nil, err
	}
	e, err := in.bind(s, nil, false)
	if err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	src, err := s.source(&in.Read, e)
	if err != nil {
		return nil, err
	}
	if in.ExclusiveStartKey != nil {
		if sp.after, err = src.startKey(in.ExclusiveStartKey); err != nil {
			return nil, err
		}
		if !sp.inside(sp.after) {
			return nil, invalid("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: %d Segment: %d", *in.TotalSegments, *in.Segment)
		}
	}
	return in.answer(src, src.page(sp, in.limit()), e), nil
}

func (in *ScanInput) check() error {
	var v violations
	in.broken(&v)
	v.atLeast(in.TotalSegments, 1, "totalSegments")
	v.atMost(in.TotalSegments, maxSegments, "totalSegments")
	v.atLeast(in.Segment, 0, "segment")
	v.atMost(in.Segment, maxSegments-1, "segment")
	return v.err()
}

// segment is the part of the keys to be scanned: an equal part of the hashes they
// begin with.
func (in *ScanInput) segment() (span, error) {
	switch {
	case in.Segment == nil && in.TotalSegments == nil:
		return span{}, nil
	case in.Segment == nil:
		return span{}, invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.TotalSegments == nil:
		return span{}, invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	}
	n, total := *in.Segment, *in.TotalSegments
	if n >= total {
		return span{}, invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", n, total)
	}
	return span{low: boundary(n, total), high: boundary(n+1, total)}, nil
}

// boundary is where segment n of total begins; empty for the first, which is also
// the end of the last.
func boundary(n, total int) string {
	if n == 0 || n == total {
		return ""
	}
	at, _ := bits.Div64(uint64(n), 0, uint64(total))
	return string(binary.BigEndian.AppendUint64(nil, at))
}

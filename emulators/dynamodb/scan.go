package dynamodb

import "context"

// ScanInput is the request of Scan.
type ScanInput struct{ Read }

// Scan reads all items, in no useful order.
func (s *State) Scan(_ context.Context, in *ScanInput) (*ReadOutput, error) {
	e, err := in.bind(&s.expressions, nil)
	if err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	src, err := s.source(&in.Read, e)
	if err != nil {
		return nil, err
	}
	var sp span
	if in.ExclusiveStartKey != nil {
		if sp.after, err = src.startKey(in.ExclusiveStartKey); err != nil {
			return nil, err
		}
	}
	return in.answer(src, src.page(sp, in.limit()), e), nil
}

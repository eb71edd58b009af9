package fault

// malformed cuts the payload in half.
type malformed struct{}

func (malformed) mutate(payload []byte, _ float64) []byte { return payload[:len(payload)/2] }

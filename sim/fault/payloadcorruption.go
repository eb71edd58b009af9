package fault

// payloadCorruption flips the bit that is drawn.
type payloadCorruption struct{}

func (payloadCorruption) mutate(payload []byte, draw float64) []byte {
	if len(payload) > 0 {
		bit := int(draw * float64(8*len(payload)))
		payload[bit/8] ^= 1 << (bit % 8)
	}
	return payload
}

package fault

// nonNumeric is a metric whose value becomes a text.
type nonNumeric string

func (n nonNumeric) mutate(payload []byte, _ float64) []byte {
	return replaceMember(payload, []byte(`"n/a"`), "data", string(n))
}

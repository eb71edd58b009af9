package attribute

// AppendKey appends an encoding of a scalar value whose bytes sort as the
// values of its type do, and of which none is a prefix of another:
//
//	S, B    bytes, 00 as 00 FF, closed by 00 01
//	N > 0   02, exponent, digits, 00
//	N = 0   01
//	N < 0   00, and the complement of a positive number's bytes
func AppendKey(key []byte, v Value) []byte {
	if v.kind != N {
		return append(AppendKeyPrefix(key, v), 0, 1)
	}
	n := v.Number()
	switch n.sign() {
	case 0:
		return append(key, 1)
	case 1:
		return appendMagnitude(append(key, 2), n)
	}
	key = append(key, 0)
	start := len(key)
	key = appendMagnitude(key, n)
	for i := start; i < len(key); i++ {
		key[i] = ^key[i]
	}
	return key
}

func appendMagnitude(key []byte, n Number) []byte {
	biased := uint16(n.exponent + 1000)
	key = append(key, byte(biased>>8), byte(biased))
	key = append(key, n.digits...)
	return append(key, 0)
}

// AppendKeyPrefix appends what the encodings of all values begin with that
// begin with v, a value of type S or B.
func AppendKeyPrefix(key []byte, v Value) []byte {
	for i := range len(v.text) {
		key = append(key, v.text[i])
		if v.text[i] == 0 {
			key = append(key, 0xff)
		}
	}
	return key
}

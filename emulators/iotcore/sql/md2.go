package sql

import "encoding/hex"

// md2 is the hash of RFC 1319, which Go does not have.
func md2(s string) string {
	const block = 16
	text := []byte(s)
	pad := block - len(text)%block
	for range pad {
		text = append(text, byte(pad))
	}
	var sum [block]byte
	last := byte(0)
	for at := 0; at < len(text); at += block {
		for i := range sum {
			sum[i] ^= md2Digits[text[at+i]^last]
			last = sum[i]
		}
	}
	text = append(text, sum[:]...)
	var state [3 * block]byte
	for at := 0; at < len(text); at += block {
		for i := range block {
			state[block+i] = text[at+i]
			state[2*block+i] = state[block+i] ^ state[i]
		}
		t := byte(0)
		for round := range 18 {
			for i := range state {
				state[i] ^= md2Digits[t]
				t = state[i]
			}
			t += byte(round)
		}
	}
	return hex.EncodeToString(state[:block])
}

// md2Digits is the permutation of RFC 1319, made of the digits of pi.
var md2Digits = func() []byte {
	table, err := hex.DecodeString("" +
		"292e43c9a2d87c013d3654a1ecf0061362a705f3c0c7738c98932bd9bc4c82ca" +
		"1e9b573cfdd4e01667426f188a17e512be4ec4d6da9ede49a0fbf58ebb2fee7a" +
		"a968799115b2073f94c210890b225f21807f5d9a5a903227353ecce7bff79703" +
		"ff1930b348a5b5d1d75e922aac56aac64fb838d296a47db676fc6be29c7404f1" +
		"459d705964718720865bcf65e62da8021b6025adaeb0b9f61c46616934407e0f" +
		"5547a323dd51af3ac35cf9cebac5ea262c530d6e85288409d3dfcdf441814d52" +
		"6adc37c86cc1abfa24e17b080cbdb14a7888958be363e86de9cbd5fe3b001d39" +
		"f2efb70e6658d0e4a67772f8eb754b0a314450b48fed1f1adb998d339f118314")
	if err != nil {
		panic(err)
	}
	return table
}()

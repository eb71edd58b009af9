package process

import "unicode/utf8"

// MaxLine bounds a line of the log, in bytes; a longer one is cut in pieces.
// CloudWatch takes events of 1 MB.
const MaxLine = 64 << 10

// Cut is how long the first piece of a line is that is longer than MaxLine: no character
// is cut.
func Cut[T string | []byte](line T) int {
	n := MaxLine
	for n > MaxLine-utf8.UTFMax && !utf8.RuneStart(line[n]) {
		n--
	}
	if !utf8.RuneStart(line[n]) { // not UTF-8
		return MaxLine
	}
	return n
}

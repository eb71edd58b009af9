package sql

import (
	"fmt"
	"strings"
)

// timePart is a letter of a date and time pattern with the number of times it
// stands there, or a literal text.
type timePart struct {
	letter byte
	count  int
	text   string
}

// maxPattern bounds a date and time pattern, in bytes; Shakedown's own.
const maxPattern = 256

// parseTimePattern reads a pattern of Joda-Time or java.time: letters in a row
// are one part, texts in single quotes and all other characters are literal, and
// two quotes are one. Only the letters that are given are known.
func parseTimePattern(pattern, letters string) ([]timePart, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("a time pattern longer than %d bytes is beyond a bound of Shakedown", maxPattern)
	}
	var parts []timePart
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c == '\'':
			text, n, err := quotedText(pattern[i:])
			if err != nil {
				return nil, err
			}
			parts = append(parts, timePart{text: text})
			i += n
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], string(c)))
			if strings.IndexByte(letters, c) < 0 {
				return nil, fmt.Errorf("the letter %c in the time pattern '%s' is not implemented by Shakedown", c, pattern)
			}
			parts = append(parts, timePart{letter: c, count: n})
			i += n
		case strings.IndexByte("[]{}#", c) >= 0:
			return nil, fmt.Errorf("the character %c in the time pattern '%s' is not implemented by Shakedown", c, pattern)
		default:
			parts = append(parts, timePart{text: pattern[i : i+1]})
			i++
		}
	}
	return parts, nil
}

func quotedText(s string) (text string, n int, err error) {
	if strings.HasPrefix(s, "''") {
		return "'", 2, nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != '\'':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte('\'')
			i++
		default:
			return b.String(), i + 1, nil
		}
	}
	return "", 0, fmt.Errorf("a quote in the time pattern is not closed: %s", s)
}

// checkTimePattern refuses a literal pattern with letters that are not known,
// before any message comes.
func checkTimePattern(c *call) error {
	at, letters, check := 0, formatLetters, checkFormat
	if c.name == "time_to_epoch" {
		at, letters, check = 1, parseLetters, checkParse
	}
	if at >= len(c.args) {
		return nil
	}
	text, ok := literalText(c.args[at])
	if !ok {
		return nil
	}
	parts, err := parseTimePattern(text, letters)
	if err != nil {
		return err
	}
	return check(parts)
}

package logs

import (
	"strings"
	"unicode"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxPattern bounds a filter pattern, in bytes (API reference, FilterLogEvents).
const maxPattern = 1024

// pattern tells whether a message matches.
type pattern func(message string) bool

// parsePattern reads a filter pattern; the empty one matches everything.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func parsePattern(text string) (pattern, error) {
	if len(text) > maxPattern {
		return nil, invalid("The filter pattern has more than %d bytes.", maxPattern)
	}
	switch trimmed := strings.TrimSpace(text); {
	case strings.HasPrefix(trimmed, "{"):
		return parseConditions(trimmed)
	case strings.HasPrefix(trimmed, "["):
		return nil, unsupportedPattern("a pattern of space-delimited events ([…])")
	case strings.HasPrefix(trimmed, "%"):
		return nil, unsupportedPattern("a regular expression (%…%)")
	default:
		return parseTerms(trimmed)
	}
}

func unsupportedPattern(what string) error {
	return wire.Unsupported("InvalidParameterException", "FilterLogEvents", "filterPattern: "+what)
}

// terms are what a message must contain, may not, and must contain one of.
type terms struct{ all, none, some []string }

func parseTerms(text string) (pattern, error) {
	var t terms
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		into := &t.all
		switch rest[0] {
		case '-':
			into, rest = &t.none, rest[1:]
		case '?':
			into, rest = &t.some, rest[1:]
		}
		term, after, err := readTerm(rest)
		if err != nil {
			return nil, err
		}
		*into, rest = append(*into, term), after
	}
	if len(t.all)+len(t.none) > 0 {
		t.some = nil // "all question mark terms will be ignored"
	}
	return t.match, nil
}

// readTerm reads a word or a text in quotes.
func readTerm(text string) (term, rest string, err error) {
	if strings.HasPrefix(text, `"`) {
		return readQuoted(text)
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	if end < 0 {
		end = len(text)
	}
	if end == 0 || end < len(text) && !unicode.IsSpace(rune(text[end])) {
		word, _, _ := strings.Cut(text, " ")
		return "", "", invalid("Invalid filter pattern: invalid character(s) in term '%s'", word)
	}
	return text[:end], text[end:], nil
}

// readQuoted reads a text in double quotes, in which \ escapes.
func readQuoted(text string) (quoted, rest string, err error) {
	var out strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return out.String(), text[i+1:], nil
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		out.WriteByte(text[i])
	}
	return "", "", invalid("Invalid filter pattern: a quote is not closed")
}

func (t terms) match(message string) bool {
	for _, term := range t.none {
		if strings.Contains(message, term) {
			return false
		}
	}
	for _, term := range t.all {
		// " " is everything.
		if strings.TrimSpace(term) != "" && !strings.Contains(message, term) {
			return false
		}
	}
	for _, term := range t.some {
		if strings.Contains(message, term) {
			return true
		}
	}
	return len(t.some) == 0
}

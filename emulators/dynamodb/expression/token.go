package expression

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenWord             // attribute name, keyword or function
	tokenName             // #name
	tokenValue            // :value
	tokenNumber           // a list index
	tokenSign             // operators and punctuation
	tokenBad              // a character that begins no token
)

// token is a piece of the text from start to end.
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// scan cuts a text into tokens, the last of which is the end.
func scan(text string) []token {
	var tokens []token
	for at := 0; at < len(text); {
		if space(text[at]) {
			at++
			continue
		}
		kind, n := next(text[at:])
		tokens = append(tokens, token{kind, text[at : at+n], at, at + n})
		at += n
	}
	return append(tokens, token{tokenEnd, "<EOF>", len(text), len(text)})
}

func next(s string) (tokenKind, int) {
	switch c := s[0]; {
	case letter(c):
		return tokenWord, span(s, 1)
	case c == '#' && span(s, 1) > 1:
		return tokenName, span(s, 1)
	case c == ':' && span(s, 1) > 1:
		return tokenValue, span(s, 1)
	case digit(c):
		n := 1
		for n < len(s) && digit(s[n]) {
			n++
		}
		return tokenNumber, n
	}
	if len(s) > 1 {
		switch s[:2] {
		case "<>", "<=", ">=":
			return tokenSign, 2
		}
	}
	switch s[0] {
	case '=', '<', '>', '(', ')', '[', ']', ',', '.', '+', '-':
		return tokenSign, 1
	}
	return tokenBad, 1
}

// span is where a word ends that has begun.
func span(s string, n int) int {
	for n < len(s) && (letter(s[n]) || digit(s[n]) || s[n] == '_') {
		n++
	}
	return n
}

func space(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

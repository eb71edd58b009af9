package dynamodb

import "strings"

type token struct {
	kind byte // 'w'ord, '#'name, ':'value, 'n'umber, 's'ymbol, 0 at the end
	text string
}

func (t token) is(text string) bool {
	return t.kind == 's' && t.text == text || t.kind == 'w' && strings.EqualFold(t.text, text)
}

// maxExpression bounds an expression, in bytes (DynamoDB: 4 KB).
const maxExpression = 4 << 10

func lex(text string) ([]token, error) {
	if len(text) > maxExpression {
		return nil, validation("Expression size has exceeded the maximum allowed size: %d bytes", maxExpression)
	}
	var tokens []token
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case c == '#' || c == ':' || isWord(c):
			n := i + 1
			for n < len(text) && (isWord(text[n]) || isDigit(text[n])) {
				n++
			}
			t := token{'w', text[i:n]}
			if !isWord(c) {
				t.kind = c
			}
			tokens = append(tokens, t)
			i = n
			continue
		case isDigit(c):
			n := i
			for n < len(text) && isDigit(text[n]) {
				n++
			}
			tokens = append(tokens, token{'n', text[i:n]})
			i = n
			continue
		}
		n := 1
		if i+1 < len(text) && (text[i:i+2] == "<>" || text[i:i+2] == "<=" || text[i:i+2] == ">=") {
			n = 2
		} else if !strings.ContainsRune("()[],.=<>+-", rune(c)) {
			return nil, validation("Syntax error; token: \"%c\", near: \"%.20s\"", c, text[i:])
		}
		tokens = append(tokens, token{'s', text[i : i+n]})
		i += n
	}
	return append(tokens, token{}), nil
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

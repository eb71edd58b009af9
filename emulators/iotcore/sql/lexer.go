package sql

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with a statement and where, counted in characters from 1.
type Error struct {
	Position int
	Message  string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("at character %d: %s", e.Position, e.Message) }

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	textToken
	numberToken
	symbolToken
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

func (t token) is(text string) bool {
	return t.kind == wordToken && strings.EqualFold(t.text, text) || t.kind == symbolToken && t.text == text
}

func (t token) String() string {
	if t.kind == endToken {
		return "the end"
	}
	return "'" + t.text + "'"
}

func (t token) fail(format string, args ...any) error {
	return &Error{t.pos, fmt.Sprintf(format, args...)}
}

// Bounds of a statement: AWS's rule SQL has at most 256 KB in a request; tokens
// bound the work.
const (
	maxStatement = 64 << 10
	maxTokens    = 5000
)

func lex(text string) ([]token, error) {
	if len(text) > maxStatement {
		return nil, &Error{1, fmt.Sprintf("the statement is longer than %d bytes", maxStatement)}
	}
	if !utf8.ValidString(text) {
		return nil, &Error{1, "the statement is not valid UTF-8"}
	}
	runes := []rune(text)
	var tokens []token
	for i := 0; ; {
		for i < len(runes) && strings.ContainsRune(" \t\r\n", runes[i]) {
			i++
		}
		t := token{pos: i + 1}
		if i == len(runes) {
			return append(tokens, t), nil
		}
		n, err := t.scan(runes[i:])
		if err != nil {
			return nil, err
		}
		i += n
		tokens = append(tokens, t)
		if len(tokens) > maxTokens {
			return nil, t.fail("the statement has more than %d tokens", maxTokens)
		}
	}
}

// scan reads the token at the front and returns its length.
func (t *token) scan(r []rune) (int, error) {
	switch {
	case r[0] == '\'' || r[0] == '"':
		return t.quoted(r)
	case isDigit(r[0]):
		return t.number(r), nil
	case isLetter(r[0]):
		t.kind = wordToken
		n := 0
		for n < len(r) && (isLetter(r[n]) || isDigit(r[n])) {
			n++
		}
		t.text = string(r[:n])
		return n, nil
	}
	t.kind = symbolToken
	if len(r) > 1 {
		switch two := string(r[:2]); two {
		case "<=", ">=", "<>", "!=":
			t.text = two
			return 2, nil
		}
	}
	if !strings.ContainsRune("(),.*+-/%=<>{}[]:@", r[0]) {
		return 0, t.fail("unexpected character '%c'", r[0])
	}
	t.text = string(r[0])
	return 1, nil
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// quoted reads a text in either quotes; a doubled quote stands for itself.
func (t *token) quoted(r []rune) (int, error) {
	t.kind = textToken
	var b strings.Builder
	for i := 1; i < len(r); i++ {
		if r[i] != r[0] {
			b.WriteRune(r[i])
			continue
		}
		if i+1 < len(r) && r[i+1] == r[0] {
			b.WriteRune(r[i])
			i++
			continue
		}
		t.text = b.String()
		return i + 1, nil
	}
	return 0, t.fail("the quote is not closed")
}

func (t *token) number(r []rune) int {
	t.kind = numberToken
	n := 0
	digits := func() {
		for n < len(r) && isDigit(r[n]) {
			n++
		}
	}
	digits()
	if n+1 < len(r) && r[n] == '.' && isDigit(r[n+1]) {
		n++
		digits()
	}
	if n+1 < len(r) && (r[n] == 'e' || r[n] == 'E') && (isDigit(r[n+1]) || n+2 < len(r) && (r[n+1] == '-' || r[n+1] == '+') && isDigit(r[n+2])) {
		n += 2
		digits()
	}
	t.text = string(r[:n])
	return n
}

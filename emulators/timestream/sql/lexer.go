package sql

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	quotedToken // "identifier"
	textToken   // 'literal'
	numberToken
	intervalToken // 1h
	symbolToken
)

// Token is a piece of a query with where it begins.
type Token struct {
	kind      tokenKind
	text      string
	line, col int
}

// is tells whether the token is this keyword or symbol.
func (t Token) is(text string) bool {
	return t.kind == wordToken && strings.EqualFold(t.text, text) || t.kind == symbolToken && t.text == text
}

func (t Token) String() string {
	if t.kind == endToken {
		return "the end of the query"
	}
	return fmt.Sprintf("'%s'", t.text)
}

func refuse(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}

// Fail is a ValidationException at the token.
func (t Token) Fail(format string, args ...any) error {
	return refuse("line %d:%d: %s", t.line, t.col, fmt.Sprintf(format, args...))
}

// maxQuery bounds a query, in bytes (AWS: 256 KB).
const maxQuery = 256 << 10

// maxTokens bounds the work of one query.
const maxTokens = 20_000

// lex splits a query into tokens, the last an endToken.
func lex(query string) ([]Token, error) {
	if len(query) > maxQuery {
		return nil, refuse("The query is longer than %d bytes", maxQuery)
	}
	if !utf8.ValidString(query) {
		return nil, refuse("The query is not valid UTF-8")
	}
	l := lexer{runes: []rune(query), line: 1, col: 1}
	var tokens []Token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if len(tokens) > maxTokens {
			return nil, t.Fail("the query has more than %d tokens", maxTokens)
		}
		if t.kind == endToken {
			return tokens, nil
		}
	}
}

type lexer struct {
	runes     []rune
	at        int
	line, col int
}

func (l *lexer) peek(n int) rune {
	if l.at+n >= len(l.runes) {
		return 0
	}
	return l.runes[l.at+n]
}

func (l *lexer) advance() rune {
	r := l.runes[l.at]
	l.at++
	l.col++
	if r == '\n' {
		l.line, l.col = l.line+1, 1
	}
	return r
}

func (l *lexer) skip() {
	for l.at < len(l.runes) {
		switch {
		case unicode.IsSpace(l.peek(0)):
			l.advance()
		case l.peek(0) == '-' && l.peek(1) == '-':
			for l.at < len(l.runes) && l.peek(0) != '\n' {
				l.advance()
			}
		case l.peek(0) == '/' && l.peek(1) == '*':
			if !l.comment() {
				return
			}
		default:
			return
		}
	}
}

// comment skips one that ends, and is false for one that does not: what begins it is no
// token.
func (l *lexer) comment() bool {
	end := l.at + 2
	for end+1 < len(l.runes) && (l.runes[end] != '*' || l.runes[end+1] != '/') {
		end++
	}
	if end+1 >= len(l.runes) {
		return false
	}
	for l.at < end+2 {
		l.advance()
	}
	return true
}

func (l *lexer) next() (Token, error) {
	l.skip()
	t := Token{line: l.line, col: l.col}
	if l.at >= len(l.runes) {
		return t, nil
	}
	r := l.peek(0)
	switch {
	case r == '/' && l.peek(1) == '*':
		return t, t.Fail("the comment is not closed")
	case r == '\'' || r == '"':
		return l.quoted(t, r)
	case isDigit(r) || r == '.' && isDigit(l.peek(1)):
		return l.number(t)
	case isLetter(r):
		t.kind = wordToken
		from := l.at
		for isLetter(l.peek(0)) || isDigit(l.peek(0)) {
			l.advance()
		}
		t.text = string(l.runes[from:l.at])
		return t, nil
	}
	t.kind = symbolToken
	two := string([]rune{r, l.peek(1)})
	switch two {
	case "::", "->", "<=", ">=", "<>", "!=", "||":
		l.advance()
		l.advance()
		t.text = two
		return t, nil
	}
	if !strings.ContainsRune("(),.*+-/%=<>;[]", r) {
		if r == '@' {
			return t, t.Fail("@: parameters of a query are not implemented by Shakedown")
		}
		return t, t.Fail("unexpected character '%c'", r)
	}
	t.text = string(l.advance())
	return t, nil
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// quoted reads 'text' or "name"; a doubled quote stands for itself.
func (l *lexer) quoted(t Token, quote rune) (Token, error) {
	t.kind = textToken
	if quote == '"' {
		t.kind = quotedToken
	}
	l.advance()
	var text []rune
	for l.at < len(l.runes) {
		r := l.advance()
		if r == quote {
			if l.peek(0) != quote {
				t.text = string(text)
				return t, nil
			}
			l.advance()
		}
		text = append(text, r)
	}
	return t, t.Fail("the quote is not closed")
}

// number reads 12, 1.5, 1e3 or, with a unit behind it, an interval.
func (l *lexer) number(t Token) (Token, error) {
	t.kind = numberToken
	digits := func() {
		for isDigit(l.peek(0)) {
			t.text += string(l.advance())
		}
	}
	digits()
	if l.peek(0) == '.' {
		t.text += string(l.advance())
		digits()
	}
	if (l.peek(0) == 'e' || l.peek(0) == 'E') && (isDigit(l.peek(1)) || (l.peek(1) == '-' || l.peek(1) == '+') && isDigit(l.peek(2))) {
		t.text += string(l.advance())
		t.text += string(l.advance())
		digits()
	}
	for isLetter(l.peek(0)) {
		t.kind = intervalToken
		t.text += string(l.advance())
	}
	return t, nil
}

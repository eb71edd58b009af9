package partiql

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenWord             // a keyword, or a name without quotes
	tokenName             // "a name"
	tokenText             // 'a string'
	tokenNumber           // without a sign
	tokenSign             // an operator or punctuation
	tokenWrong            // what is none of these
)

type token struct {
	kind tokenKind
	text string
	at   int // in the statement, in bytes
}

// signs are longest first.
var signs = []string{"<<", ">>", "<>", "<=", ">=", "!=", "(", ")", "{", "}", "[", "]", ",", ".", ":", "?", "+", "-", "*", "=", "<", ">", ";"}

// scan cuts a statement into tokens; the last is tokenEnd.
func scan(text string) []token {
	var tokens []token
	for at := 0; at < len(text); {
		if strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
			continue
		}
		t, n := next(text[at:])
		t.at = at
		tokens = append(tokens, t)
		if at += n; t.kind == tokenWrong {
			break
		}
	}
	return append(tokens, token{kind: tokenEnd, at: len(text)})
}

// next reads the token that a text begins with, and its length.
func next(text string) (token, int) {
	switch c := text[0]; {
	case c == '\'' || c == '"':
		return quoted(text)
	case digit(c):
		n := number(text)
		return token{kind: tokenNumber, text: text[:n]}, n
	case letter(c):
		n := 1
		for n < len(text) && (letter(text[n]) || digit(text[n])) {
			n++
		}
		return token{kind: tokenWord, text: text[:n]}, n
	}
	for _, s := range signs {
		if strings.HasPrefix(text, s) {
			return token{kind: tokenSign, text: s}, len(s)
		}
	}
	_, n := utf8.DecodeRuneInString(text)
	return token{kind: tokenWrong, text: text[:n]}, n
}

// quoted reads a string or name; its quote stands for itself when doubled.
func quoted(text string) (token, int) {
	quote, kind := text[:1], tokenText
	if quote == `"` {
		kind = tokenName
	}
	var out strings.Builder
	for at := 1; ; {
		n := strings.Index(text[at:], quote)
		if n < 0 {
			return token{kind: tokenWrong, text: text}, len(text)
		}
		out.WriteString(text[at : at+n])
		if at += n + 1; !strings.HasPrefix(text[at:], quote) {
			return token{kind: kind, text: out.String()}, at
		}
		out.WriteString(quote)
		at++
	}
}

// number is the length of a decimal with an optional fraction and exponent.
func number(text string) int {
	digits := func(n int) int {
		for n < len(text) && digit(text[n]) {
			n++
		}
		return n
	}
	n := digits(0)
	if n+1 < len(text) && text[n] == '.' && digit(text[n+1]) {
		n = digits(n + 1)
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		exponent := n + 1
		if exponent < len(text) && (text[exponent] == '+' || text[exponent] == '-') {
			exponent++
		}
		if end := digits(exponent); end > exponent {
			n = end
		}
	}
	return n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

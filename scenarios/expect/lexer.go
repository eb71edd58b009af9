package expect

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	numberToken
	operatorToken
	markToken // ( ) ,
)

// token is a piece of an expectation; column counts characters from 1.
type token struct {
	kind   tokenKind
	text   string
	column int
}

func (t token) String() string {
	if t.kind == endToken {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// maxText bounds an expectation, in bytes.
const maxText = 1000

// tokens splits an expectation.
func tokens(text string) ([]token, error) {
	if len(text) > maxText {
		return nil, &Error{1, fmt.Sprintf("an expectation of %d bytes is longer than %d", len(text), maxText)}
	}
	var list []token
	for at := 0; at < len(text); {
		column := utf8.RuneCountInString(text[:at]) + 1
		if c := text[at]; c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			at++
			continue
		}
		kind, length := next(text[at:])
		if length == 0 {
			r, _ := utf8.DecodeRuneInString(text[at:])
			return nil, &Error{column, fmt.Sprintf("%q means nothing here", r)}
		}
		list = append(list, token{kind, text[at : at+length], column})
		at += length
	}
	return append(list, token{endToken, "", utf8.RuneCountInString(text) + 1}), nil
}

// next is the token that a text begins with; its length is 0 where it begins
// with none.
func next(text string) (tokenKind, int) {
	for _, operator := range []string{"==", "!=", "<=", ">=", "<", ">", "="} {
		if strings.HasPrefix(text, operator) {
			return operatorToken, len(operator)
		}
	}
	switch c := text[0]; {
	case c == '(' || c == ')' || c == ',':
		return markToken, 1
	case digit(c):
		return numberToken, numberLength(text)
	case letter(c):
		n := 1
		for n < len(text) && (letter(text[n]) || digit(text[n]) || text[n] == '-') {
			n++
		}
		return wordToken, n
	}
	return endToken, 0
}

// numberLength is that of a number with its unit; USD may stand after a space.
func numberLength(text string) int {
	n := 1
	for n < len(text) && (digit(text[n]) || letter(text[n]) || strings.IndexByte("./%", text[n]) >= 0 || strings.HasPrefix(text[n:], "µ")) {
		n++
		if text[n-1] == 0xc2 {
			n++
		}
	}
	if rest := text[n:]; strings.HasPrefix(strings.TrimLeft(rest, " "), "USD") {
		n += len(rest) - len(strings.TrimLeft(rest, " ")) + len("USD")
	}
	return n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

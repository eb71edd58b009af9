package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

type pieceKind int

const (
	literalPiece pieceKind = iota
	variablePiece
	onePiece  // ?
	manyPiece // *
)

// piece is a part of a pattern; text is the literal, or the variable's name.
type piece struct {
	kind pieceKind
	text string
}

// Pattern is a text with wildcards, * and ?, and perhaps policy variables.
type Pattern []piece

// Compile splits a pattern. Without variables, as in version 2008-10-17, ${ is
// two characters like any other.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func Compile(pattern string, variables bool) (Pattern, error) {
	var pieces Pattern
	literal := func(text string) {
		if last := len(pieces) - 1; last >= 0 && pieces[last].kind == literalPiece {
			pieces[last].text += text
			return
		}
		pieces = append(pieces, piece{literalPiece, text})
	}
	for pattern != "" {
		i := strings.IndexAny(pattern, "*?$")
		if i < 0 {
			literal(pattern)
			break
		}
		if i > 0 {
			literal(pattern[:i])
			pattern = pattern[i:]
		}
		switch {
		case pattern[0] == '*':
			pieces = append(pieces, piece{kind: manyPiece})
		case pattern[0] == '?':
			pieces = append(pieces, piece{kind: onePiece})
		case variables && strings.HasPrefix(pattern, "${"):
			one, rest, err := cutVariable(pattern)
			if err != nil {
				return nil, err
			}
			if one.kind == literalPiece {
				literal(one.text)
			} else {
				pieces = append(pieces, one)
			}
			pattern = rest
			continue
		default:
			literal("$")
		}
		pattern = pattern[1:]
	}
	return pieces, nil
}

// cutVariable takes a variable, or a character that ${*}, ${?} or ${$} stands for, from the
// beginning of a pattern.
func cutVariable(pattern string) (one piece, rest string, err error) {
	name, rest, closed := strings.Cut(pattern[2:], "}")
	switch {
	case !closed:
		return one, "", fmt.Errorf("%q: a ${ is not closed", pattern)
	case name == "*" || name == "?" || name == "$":
		return piece{literalPiece, name}, rest, nil
	case strings.Contains(name, ","):
		return one, "", unimplemented(fmt.Sprintf("${%s}: a variable's default value is", name))
	}
	return piece{variablePiece, name}, rest, nil
}

// Matches compares a text; vars are the values of variables by name, whose characters
// are literal. A pattern with a variable that has none does not match any text (page as
// above, "Policy variables with no value").
func (p Pattern) Matches(vars map[string]string, text string) bool {
	for _, one := range p {
		if one.kind == variablePiece && vars[one.text] == "" {
			return false
		}
	}
	return match(p, vars, text)
}

// Variables are the names of the pattern's variables, in its order.
func (p Pattern) Variables() []string {
	var names []string
	for _, one := range p {
		if one.kind == variablePiece {
			names = append(names, one.text)
		}
	}
	return names
}

// match compares pieces with a text, going back to the last * where it must:
// time is at most the product of their lengths.
func match(pieces Pattern, vars map[string]string, text string) bool {
	at, star, mark := 0, -1, 0
	rest := text
	for {
		switch {
		case at == len(pieces):
			if rest == "" {
				return true
			}
		case pieces[at].kind == manyPiece:
			star, mark = at, len(text)-len(rest)
			at++
			continue
		case pieces[at].kind == onePiece:
			if rest != "" {
				_, n := utf8.DecodeRuneInString(rest)
				at, rest = at+1, rest[n:]
				continue
			}
		default:
			want := pieces[at].text
			if pieces[at].kind == variablePiece {
				want = vars[want]
			}
			if after, ok := strings.CutPrefix(rest, want); ok {
				at, rest = at+1, after
				continue
			}
		}
		if star < 0 || mark >= len(text) {
			return false
		}
		_, n := utf8.DecodeRuneInString(text[mark:])
		mark += n
		at, rest = star+1, text[mark:]
	}
}

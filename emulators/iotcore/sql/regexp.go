package sql

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// pattern is a regular expression. The engine's are Java's, those here RE2's: a
// construct that only Java has, or means otherwise, is refused by name. A text
// that is no regular expression is an invalid pattern, whose result is Undefined
// (page Functions, regexp_matches). Left as it is: Java's $ also matches before a
// line break at the end, and its dot excludes more line breaks than \n.
type pattern struct{ re *regexp.Regexp } // nil is invalid

func compilePattern(text string) (*pattern, error) {
	construct := javaConstruct(text)
	if construct != "" {
		return nil, fmt.Errorf("%s in a regular expression is not implemented by Shakedown", construct)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	var wrong *syntax.Error
	if errors.As(err, &wrong) {
		if construct := beyondRE2(wrong); construct != "" {
			return nil, fmt.Errorf("%s in a regular expression is not implemented by Shakedown", construct)
		}
	}
	if err != nil {
		return &pattern{}, nil
	}
	if size(tree) > maxProgram {
		return nil, fmt.Errorf("a regular expression of more than %d steps is beyond a bound of Shakedown", maxProgram)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	return &pattern{re}, nil
}

// Bounds of regular expressions: the steps of one with its repetitions written
// out, and what one that is not literal counts for among what an evaluation makes.
const (
	maxProgram  = 10_000
	patternCost = maxMade / 64
)

func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(1, re.Min, re.Max)
	}
	return min(n, 10*maxProgram)
}

// beyondRE2 names what RE2 refuses and Java may take.
func beyondRE2(err *syntax.Error) string {
	switch err.Code {
	case syntax.ErrInvalidCharRange:
		if strings.HasPrefix(err.Expr, `\p`) || strings.HasPrefix(err.Expr, `\P`) {
			return "the character class " + err.Expr
		}
	case syntax.ErrInvalidRepeatSize:
		return "the repetition " + err.Expr
	case syntax.ErrLarge, syntax.ErrNestingDepth:
		return "such size or depth"
	}
	return ""
}

// groups are the beginnings of groups that Java has and RE2 has not.
var groups = []struct{ begin, name string }{
	{"(?=", "a lookahead (?=…)"}, {"(?!", "a lookahead (?!…)"},
	{"(?<=", "a lookbehind (?<=…)"}, {"(?<!", "a lookbehind (?<!…)"},
	{"(?>", "an atomic group (?>…)"},
	{"(?P", "a group (?P<…>), which Java writes (?<…>),"},
}

// escapes are those that Java has and RE2 has not, or has with another meaning.
const escapes = "ceGhHkNRuvVXZ0"

// javaConstruct names the first construct that only Java has, or nothing.
func javaConstruct(text string) string {
	inClass, repeated := false, false
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		was := repeated
		repeated = false
		switch {
		case text[i] == '\\':
			if len(rest) < 2 {
				return ""
			}
			switch c := rest[1]; {
			case c == 'Q':
				end := strings.Index(rest, `\E`)
				if end < 0 {
					return ""
				}
				i += end
			case c >= '1' && c <= '9' && !inClass:
				return `a backreference \` + string(c)
			case c == 'k':
				return `a backreference \k<…>`
			case strings.IndexByte(escapes, c) >= 0:
				return `the escape \` + string(c)
			}
			i++
		case inClass:
			switch {
			case text[i] == ']':
				inClass = false
			case text[i] == '[':
				return "a character class inside a character class"
			case strings.HasPrefix(rest, "&&"):
				return "an intersection && of character classes"
			}
		case text[i] == '[':
			inClass = true
			if strings.HasPrefix(rest, "[]") || strings.HasPrefix(rest, "[^]") {
				return "a ] at the beginning of a character class"
			}
		case text[i] == '(':
			if name := javaGroup(rest); name != "" {
				return name
			}
		case text[i] == '+' && was:
			return "a possessive quantifier " + text[i-1:i+1]
		case text[i] == '}':
			repeated = endsRepetition(text[:i+1])
		case strings.IndexByte("*+?", text[i]) >= 0:
			repeated = !was
		}
	}
	return ""
}

// endsRepetition tells whether a text ends in a repetition such as {2,3}.
func endsRepetition(text string) bool {
	for i := len(text) - 2; i >= 0; i-- {
		if c := text[i]; !isDigit(rune(c)) && c != ',' {
			return c == '{' && i < len(text)-2
		}
	}
	return false
}

func javaGroup(rest string) string {
	for _, g := range groups {
		if strings.HasPrefix(rest, g.begin) {
			return g.name
		}
	}
	flags, found := strings.CutPrefix(rest, "(?")
	if !found {
		return ""
	}
	for _, c := range flags {
		switch {
		case strings.ContainsRune("duxU", c):
			return fmt.Sprintf("the flag %c", c)
		case !strings.ContainsRune("ims-", c):
			return ""
		}
	}
	return ""
}

// regexpCall is a call of one of the three functions of regular expressions. What
// is literal is read once.
type regexpCall struct {
	name        string
	args        []node
	pattern     *pattern     // nil where it is not literal
	replacement *replacement // same
}

var regexpArguments = map[string]int{"regexp_matches": 2, "regexp_substr": 2, "regexp_replace": 3}

// newRegexpCall compiles the pattern that is a literal.
func newRegexpCall(name string, args []node) (*regexpCall, error) {
	call := &regexpCall{name: name, args: args}
	if len(args) != regexpArguments[name] {
		return call, nil
	}
	text, ok := literalText(args[1])
	if !ok {
		return call, nil
	}
	var err error
	if call.pattern, err = compilePattern(text); err != nil || name != "regexp_replace" {
		return call, err
	}
	if text, ok = literalText(args[2]); ok {
		call.replacement = parseReplacement(call.pattern, text)
	}
	return call, nil
}

func literalText(n node) (string, bool) {
	l, ok := n.(literal)
	if !ok {
		return "", false
	}
	return l.v.text(nil)
}

func (n *regexpCall) eval(c *scope) value {
	if len(n.args) != regexpArguments[n.name] {
		return undefined
	}
	var texts [3]string
	known := true
	for i, arg := range n.args {
		s, ok := arg.eval(c).text(c)
		texts[i], known = s, known && ok
	}
	if !known || c.err != nil {
		return undefined
	}
	p := n.pattern
	if p == nil {
		if !c.use(patternCost) {
			return undefined
		}
		var err error
		if p, err = compilePattern(texts[1]); err != nil {
			c.fail(fmt.Errorf("%s: %w", n.name, err))
			return undefined
		}
	}
	if p.re == nil {
		return undefined
	}
	switch n.name {
	case "regexp_matches":
		return ofBool(p.re.MatchString(texts[0]))
	case "regexp_substr":
		// No match is Undefined: AWS does not say.
		at := p.re.FindStringIndex(texts[0])
		if at == nil {
			return undefined
		}
		return ofString(texts[0][at[0]:at[1]])
	}
	r := n.replacement
	if r == nil {
		r = parseReplacement(p, texts[2])
	}
	if !r.valid {
		return undefined
	}
	s, err := r.all(c, p.re, texts[0])
	if err != nil {
		c.fail(err)
		return undefined
	}
	return c.spend(ofString(s))
}

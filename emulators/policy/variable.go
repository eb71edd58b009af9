package policy

import (
	"fmt"
	"slices"
	"strings"
)

// principalTag is the prefix of the keys that are a role's tags.
const principalTag = "aws:principaltag/"

// knows tells whether policies of the kind may ask for a key, in lower case.
func (g grammar) knows(key string) bool {
	return slices.Contains(g.keys, key) || g.tags && strings.HasPrefix(key, principalTag)
}

// compile reads a text with wildcards and, since version 2012-10-17, policy variables:
// the keys of conditions, whose case does not count.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (g grammar) compile(text string) (Pattern, error) {
	p, err := Compile(text, g.variables)
	if err != nil || g.spelled {
		return p, err
	}
	for i, one := range p {
		if one.kind != variablePiece {
			continue
		}
		if p[i].text = strings.ToLower(one.text); !g.knows(p[i].text) {
			return nil, unimplemented(fmt.Sprintf("%q: the policy variable %s is", text, one.text))
		}
	}
	return p, nil
}

// compileResource is compile for a resource, whose variables stand "only in the resource
// portion of the ARN".
func (g grammar) compileResource(text string) (Pattern, error) {
	before, _, ok := strings.Cut(text, "${")
	if g.variables && ok && strings.Count(before, ":") < 5 {
		return nil, fmt.Errorf("%q has a policy variable before the fifth colon", text)
	}
	if g.ofIAM() {
		if err := checkResource(text); err != nil {
			return nil, err
		}
	}
	return g.compile(text)
}

// checkResource holds a resource of a role's policy to what IAM takes: "you can't use a
// wildcard in the service segment".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func checkResource(text string) error {
	parts := strings.SplitN(text, ":", 4)
	switch {
	case text == "*":
		return nil
	case parts[0] != "arn" || len(parts) < 4:
		return fmt.Errorf(`resource %s must be in ARN format or "*"`, text)
	case strings.ContainsAny(parts[2], "*?"):
		return fmt.Errorf("resource %s: vendor must be fully qualified and cannot contain regexes", text)
	}
	return nil
}

// literally makes wildcards characters.
func (p Pattern) literally() Pattern {
	for i, one := range p {
		switch one.kind {
		case manyPiece:
			p[i] = piece{literalPiece, "*"}
		case onePiece:
			p[i] = piece{literalPiece, "?"}
		}
	}
	return p
}

// with has the values of variables in their place, whose characters are literal; false is
// that one has no value.
func (p Pattern) with(known map[string]string) (Pattern, bool) {
	out := make(Pattern, len(p))
	for i, one := range p {
		if one.kind == variablePiece {
			one = piece{literalPiece, known[one.text]}
			if one.text == "" {
				return nil, false
			}
		}
		out[i] = one
	}
	return out, true
}

// split cuts a pattern at the colons of its literals into at most so many parts.
func (p Pattern) split(most int) []Pattern {
	parts := []Pattern{nil}
	add := func(one piece) { parts[len(parts)-1] = append(parts[len(parts)-1], one) }
	for _, one := range p {
		if one.kind != literalPiece {
			add(one)
			continue
		}
		texts := strings.SplitN(one.text, ":", most-len(parts)+1)
		for i, text := range texts {
			if i > 0 {
				parts = append(parts, nil)
			}
			if text != "" {
				add(piece{literalPiece, text})
			}
		}
	}
	return parts
}

// expand is the text of a pattern without wildcards; false is that a variable has no
// value.
func (p Pattern) expand(known map[string]string) (string, bool) {
	if len(p) == 1 && p[0].kind == literalPiece {
		return p[0].text, true
	}
	var text strings.Builder
	for _, one := range p {
		part := one.text
		if one.kind == variablePiece {
			if part = known[one.text]; part == "" {
				return "", false
			}
		}
		text.WriteString(part)
	}
	return text.String(), true
}

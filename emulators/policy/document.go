package policy

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDocument bounds a policy, in bytes: that of a topic, the longest there is.
const maxDocument = 30 << 10

// Document is a parsed policy. The nil Document has no statement.
type Document struct{ statements []statement }

type statement struct {
	deny       bool
	principal  principals
	actions    set
	resources  set
	conditions []condition
	unclear    string // which condition is not evaluated; see grammar.keeps
}

// grammar is what a kind of policy is made of.
type grammar struct {
	service             string   // of all actions; any when empty
	principal, resource bool     // statements have one
	keys                []string // of conditions
	tags                bool     // and those of principalTag
	keeps               bool     // statements with parts that are not evaluated
	variables           bool     // the version of the document has them
	spelled             bool     // of any name, as it is spelled
}

// ofIAM tells what IAM keeps from the policies of resources.
func (g grammar) ofIAM() bool { return !g.principal || !g.resource }

// trust tells a role's trust policy from a policy of a resource.
func (g grammar) trust() bool { return g.principal && !g.resource }

// set is a list of patterns, or all but those.
type set struct {
	patterns []Pattern
	not      bool
	unclear  string // which of them is not evaluated
}

// covers is has, where a pattern may be one that is not evaluated.
func (s set) covers(text string, known map[string]string) membership {
	is := s.has(text, known)
	if s.unclear != "" && is == s.not {
		return perhaps
	}
	return of(is)
}

func (s set) has(text string, known map[string]string) bool {
	for _, p := range s.patterns {
		if p.Matches(known, text) {
			return !s.not
		}
	}
	return s.not
}

// Parse reads a policy of a resource of a service, as in sqs. An action of another
// service, and what this package does not evaluate, is an error that names it. Conditions
// may have more keys, in lower case, that requests for the service know.
func Parse(document []byte, service string, more ...string) (*Document, error) {
	return parse(document, grammar{service: service, principal: true, resource: true, keys: slices.Concat(keys, more)})
}

func parse(document []byte, g grammar) (*Document, error) {
	if len(document) > maxDocument || !utf8.Valid(document) {
		return nil, fmt.Errorf("policy: it is longer than %d bytes or not UTF-8", maxDocument)
	}
	var body json.RawMessage
	version := ""
	err := Members(document, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "Version":
			version, err = Text(value)
		case "Id":
			_, err = Text(value)
		case "Statement":
			body = value
		default:
			return Unknown(name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if version != "" && version != "2012-10-17" && version != "2008-10-17" {
		return nil, fmt.Errorf("policy: version %q is neither 2012-10-17 nor 2008-10-17", version)
	}
	g.variables = version == "2012-10-17"
	parts, err := List(body)
	if err != nil || len(parts) == 0 {
		return nil, errors.New("policy: Statement is neither a statement nor a list of them")
	}
	d, sids := &Document{}, map[string]bool{}
	for i, part := range parts {
		text, err := readStatement(part)
		if err == nil && g.ofIAM() {
			err = checkSid(text.sid, sids)
		}
		if err != nil {
			return nil, fmt.Errorf("policy: statement %d: %w", i+1, err)
		}
		s, err := g.statement(text)
		if err != nil {
			return nil, fmt.Errorf("policy: statement %d: %w", i+1, err)
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

// statementText is a statement before its parts are read.
type statementText struct {
	sid, effect                 string
	principal, action, resource member
	condition                   json.RawMessage
}

// member is an element of a statement, or of its Not form.
type member struct {
	value json.RawMessage
	not   bool
}

func readStatement(body []byte) (statementText, error) {
	var s statementText
	err := Members(body, func(name string, value json.RawMessage) (err error) {
		element, not := strings.CutPrefix(name, "Not")
		at := map[string]*member{"Principal": &s.principal, "Action": &s.action, "Resource": &s.resource}[element]
		switch {
		case at != nil && at.value != nil:
			return fmt.Errorf("%s and Not%[1]s exclude each other", element)
		case at != nil:
			*at = member{value, not}
		case name == "Sid":
			s.sid, err = Text(value)
		case name == "Effect":
			s.effect, err = Text(value)
		case name == "Condition":
			s.condition = value
		default:
			return Unknown(name)
		}
		if err != nil {
			return fmt.Errorf("%s %w", name, err)
		}
		return nil
	})
	if err == nil && s.effect != "Allow" && s.effect != "Deny" {
		err = fmt.Errorf("effect %q is neither Allow nor Deny", s.effect)
	}
	return s, err
}

var sidForm = regexp.MustCompile(`^[A-Za-z0-9]*$`)

// checkSid holds the name of a statement to what IAM takes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
func checkSid(sid string, others map[string]bool) error {
	if !sidForm.MatchString(sid) {
		return fmt.Errorf("statement IDs (SID) must be alpha-numeric, unlike %q", sid)
	}
	if sid != "" && others[sid] {
		return fmt.Errorf("statement IDs (SID) in a single policy must be unique, unlike %q", sid)
	}
	others[sid] = true
	return nil
}

func (g grammar) statement(text statementText) (statement, error) {
	s := statement{deny: text.effect == "Deny"}
	err := g.parties(&s, text)
	if err != nil {
		return s, err
	}
	if s.actions, err = g.parseActions(text.action); err != nil {
		return s, fmt.Errorf("action: %w", err)
	}
	if s.conditions, s.unclear, err = g.parseConditions(text.condition); err != nil {
		return s, fmt.Errorf("condition: %w", err)
	}
	return s, nil
}

// parties reads who may do it and to what.
func (g grammar) parties(s *statement, text statementText) (err error) {
	switch {
	case g.trust() && text.principal.not:
		return errors.New("has prohibited field NotPrincipal")
	case g.principal:
		if s.principal, err = g.parsePrincipals(text.principal); err != nil {
			return fmt.Errorf("principal: %w", err)
		}
	case text.principal.value != nil:
		return errors.New("policy document should not specify a principal")
	}
	switch {
	case g.resource:
		if s.resources, err = g.parseSet(text.resource, g.compileResource); err != nil {
			return fmt.Errorf("resource: %w", err)
		}
	case text.resource.value != nil:
		return errors.New("has prohibited field Resource")
	}
	return nil
}

// leaves notes the first of what is not evaluated, where that is no error.
func (g grammar) leaves(err error, unclear *string) bool {
	part, ok := errors.AsType[unimplemented](err)
	if ok && g.keeps {
		*unclear = cmp.Or(*unclear, string(part))
	}
	return ok && g.keeps
}

// unimplemented names a part of a policy that is not evaluated.
type unimplemented string

// Error implements error.
func (u unimplemented) Error() string { return string(u) + " not implemented by Shakedown" }

// parseActions reads actions, whose case does not count.
func (g grammar) parseActions(m member) (set, error) {
	s, err := g.parseSet(m, func(text string) (Pattern, error) {
		if strings.Contains(text, "${") {
			return nil, fmt.Errorf("%q has a policy variable, which only resources and conditions have", text)
		}
		return Compile(strings.ToLower(text), false)
	})
	if err != nil {
		return s, err
	}
	texts, _ := Texts(m.value) // read before
	for _, text := range texts {
		of, _, ok := strings.Cut(strings.ToLower(text), ":")
		switch {
		case text == "*" || ok && of == g.service:
		case g.service != "":
			return s, fmt.Errorf("%q is none of %s", text, g.service)
		case !ok:
			return s, fmt.Errorf("%q names no service", text)
		}
	}
	return s, nil
}

func (g grammar) parseSet(m member, compile func(string) (Pattern, error)) (set, error) {
	s := set{not: m.not}
	if m.value == nil {
		return s, errors.New("missing")
	}
	texts, err := Texts(m.value)
	if err != nil {
		return s, err
	}
	for _, text := range texts {
		p, err := compile(text)
		if g.leaves(err, &s.unclear) {
			continue
		}
		if err != nil {
			return s, err
		}
		s.patterns = append(s.patterns, p)
	}
	return s, nil
}

package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// principals are whom a statement is about, or all but those.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type principals struct {
	everyone bool
	accounts []string // 12 digits, or the ARN of a user, a role or its session
	services []string
	not      bool
}

var (
	accountName = regexp.MustCompile(`^\d{12}$`)
	accountRoot = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):root$`)
	personARN   = regexp.MustCompile(`^arn:aws[a-z-]*:(iam|sts)::\d{12}:[^*?]+$`)
	serviceName = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$`)
)

func (g grammar) parsePrincipals(m member) (principals, error) {
	p := principals{not: m.not}
	if raw := bytes.TrimSpace(m.value); len(raw) == 0 || raw[0] != '{' {
		text, err := Text(raw)
		if err != nil || text != "*" {
			return p, fmt.Errorf(`%s is neither "*" nor an object`, m.value)
		}
		p.everyone = true
		return p, nil
	}
	err := Members(m.value, func(kind string, value json.RawMessage) error {
		texts, err := Texts(value)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		for _, text := range texts {
			if err := p.add(kind, text, g.trust()); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// add takes a principal. Only trust policies have federated ones, and CanonicalUser is the
// account by an id of S3's that nothing here has.
func (p *principals) add(kind, text string, trust bool) error {
	switch {
	case kind == "AWS" && text == "*":
		p.everyone = true
	case kind == "AWS" && accountRoot.MatchString(text):
		p.accounts = append(p.accounts, accountRoot.FindStringSubmatch(text)[1])
	case kind == "AWS" && (accountName.MatchString(text) || personARN.MatchString(text)):
		p.accounts = append(p.accounts, text)
	case kind == "Service" && serviceName.MatchString(text):
		p.services = append(p.services, strings.TrimSuffix(text, ".cn"))
	case kind == "Federated" && trust: // nobody here
	case kind == "CanonicalUser" && !trust:
		return unimplemented("the principal " + kind + " is")
	default:
		return fmt.Errorf("%s %q is not valid", kind, text)
	}
	return nil
}

// membership tells whether a caller is among principals: perhaps, where the name of its
// session decides and is not known.
type membership int

const (
	no membership = iota
	perhaps
	yes
)

// of is yes where it is so.
func of(is bool) membership {
	if is {
		return yes
	}
	return no
}

func (m membership) but(not bool) membership {
	if not {
		return yes - m
	}
	return m
}

// has tells whether a caller is meant. The account's root user is the account.
func (p principals) has(c Caller, account string, deny bool) membership {
	if c.Role != "" {
		return p.hasRole(c, account, deny)
	}
	found := p.everyone || c.Service == "" && slices.Contains(p.accounts, account) || c.Service != "" && slices.Contains(p.services, c.Service)
	return of(found).but(p.not)
}

// hasRole is has for a role. Its account stands for it where that is denied; to allow a
// role takes its ARN or that of its session. A deny exempts it that names both it and its
// account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (p principals) hasRole(c Caller, account string, deny bool) membership {
	named := of(p.everyone || slices.Contains(p.accounts, c.Role))
	if named == no {
		named = p.hasSession(c)
	}
	ofAccount := p.everyone || slices.Contains(p.accounts, account)
	switch {
	case p.not && deny && !ofAccount:
		return yes
	case p.not && !deny || !p.not && deny:
		named = max(named, of(ofAccount))
	}
	return named.but(p.not)
}

// hasSession compares what the ARN of a role's session is: that of the role with the
// session's name in place of the path.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
func (p principals) hasSession(c Caller) membership {
	before, _, _ := strings.Cut(c.Role, ":role/")
	all := strings.Replace(before, ":iam:", ":sts:", 1) + ":assumed-role/" + NameOfRole(c.Role) + "/"
	found := no
	for _, name := range p.accounts {
		session, ok := strings.CutPrefix(name, all)
		switch {
		case ok && c.Session == "":
			found = max(found, perhaps)
		case ok && session == c.Session:
			found = yes
		}
	}
	return found
}

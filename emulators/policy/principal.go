package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// principals are whom a statement is about, or all but those.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type principals struct {
	everyone bool
	accounts []string // 12 digits, or the ARN of a user or role
	services []string
	not      bool
}

var (
	accountName = regexp.MustCompile(`^\d{12}$`)
	accountRoot = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):root$`)
	personARN   = regexp.MustCompile(`^arn:aws[a-z-]*:(iam|sts)::\d{12}:[^*?]+$`)
	serviceName = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$`)
)

func parsePrincipals(m member) (principals, error) {
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
			if err := p.add(kind, text); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func (p *principals) add(kind, text string) error {
	switch {
	case kind == "AWS" && text == "*":
		p.everyone = true
	case kind == "AWS" && accountRoot.MatchString(text):
		p.accounts = append(p.accounts, accountRoot.FindStringSubmatch(text)[1])
	case kind == "AWS" && (accountName.MatchString(text) || personARN.MatchString(text)):
		p.accounts = append(p.accounts, text)
	case kind == "Service" && serviceName.MatchString(text):
		p.services = append(p.services, strings.TrimSuffix(text, ".cn"))
	case kind == "CanonicalUser", kind == "Federated": // nobody here
	default:
		return fmt.Errorf("%s %q is not valid", kind, text)
	}
	return nil
}

// has tells whether a caller is meant. The account's root user is the account.
func (p principals) has(c Caller, account string) bool {
	found := p.everyone
	for _, name := range p.accounts {
		found = found || c.Service == "" && name == account
	}
	for _, name := range p.services {
		found = found || c.Service == name
	}
	return found != p.not
}

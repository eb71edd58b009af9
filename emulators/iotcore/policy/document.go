// Package policy evaluates AWS IoT Core policies: who may connect, publish,
// subscribe and receive what. It is pure.
//
// In resources * and ? are wildcards and + and # are literal characters. Policy
// variables such as ${iot:Connection.Thing.ThingName} stand for their values,
// whose characters are literal; a resource with a variable that has no value
// matches nothing, while others of the same statement may. ${*}, ${?} and ${$}
// are the characters themselves. An explicit Deny wins over any Allow.
//
// Variables are those of version 2012-10-17. In version 2008-10-17, which a
// document without Version has, ${…} is literal text.
//
// # Conditions
//
// The operators are String…, Arn…, Bool, IpAddress and NotIpAddress, with …IfExists, and
// Null; before them ForAllValues and ForAnyValue. The keys, which are variables too:
//
//	iot:ClientId iot:CertificateId iot:DomainName aws:SourceIp
//	iot:Connection.Thing.ThingName, ThingTypeName, IsAttached and Attributes[name]
//	iot:Certificate.Subject.CommonName and the like, with .0, .1, … and, in conditions, .List
//	iot:Certificate.Subject.AlternativeName.RFC822Name, DNSName, UniformResourceIdentifier, IPAddress
//	iot:ConnectAttributes (PersistentConnect, LastWill) and iot:LastWillTopic of iot:Connect
//
// Others are refused by name: iot:Certificate.AvailableKeys and SerialNumber, whose texts
// AWS does not show, alternative names of issuers and directory names, and what is not of
// a connection, as the time.
//
// Sources: AWS.md §1,
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html and, as
// AWS IoT policies "follow the same conventions as IAM policies",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	iam "github.com/shakedown-iot/shakedown/emulators/policy"
)

// maxDocument is the most characters a document has, white space not counted;
// maxCharacters counts it too.
// https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html
const (
	maxDocument   = 2048
	maxCharacters = 404600
)

// Versions of the policy language.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const (
	currentVersion = "2012-10-17"
	oldVersion     = "2008-10-17"
)

// Document is a parsed policy.
type Document struct {
	statements  []statement
	certificate bool
}

// OfCertificate tells whether the policy asks for attributes of the certificate.
func (d *Document) OfCertificate() bool { return d.certificate }

type statement struct {
	deny       bool
	actions    []iam.Pattern // in lower case, which does not count
	resources  []iam.Pattern
	conditions []condition
}

// Parse reads a policy document. Members that AWS has and this package does not
// evaluate (NotAction, NotResource, Principal), operators, keys and variables of
// certificates, are errors that name them.
func Parse(text []byte) (*Document, error) {
	if err := checkSize(text); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	d, err := parseDocument(text)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return d, nil
}

func checkSize(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("the document is not valid UTF-8")
	}
	all, counted := 0, 0
	for _, r := range string(text) {
		all++
		if !unicode.IsSpace(r) {
			counted++
		}
	}
	if counted > maxDocument {
		return fmt.Errorf("%d characters without white space are more than %d", counted, maxDocument)
	}
	if all > maxCharacters {
		return fmt.Errorf("%d characters are more than %d", all, maxCharacters)
	}
	return nil
}

func parseDocument(document []byte) (*Document, error) {
	version := oldVersion
	var body json.RawMessage
	err := iam.Members(document, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "Version":
			if version, err = iam.Text(value); err != nil {
				return fmt.Errorf("member %q %w", name, err)
			}
		case "Id":
			if _, err = iam.Text(value); err != nil {
				return fmt.Errorf("member %q %w", name, err)
			}
		case "Statement":
			body = value
		default:
			return iam.Unknown(name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if version != currentVersion && version != oldVersion {
		return nil, fmt.Errorf("version %q is neither %s nor %s", version, currentVersion, oldVersion)
	}
	parts, err := iam.List(body)
	if err != nil || len(parts) == 0 {
		return nil, errors.New("member Statement is neither a statement nor a list of them")
	}
	// Names in texts of the policy alone are looked for: it is asked to save work.
	d := &Document{certificate: bytes.Contains(bytes.ToLower(document), []byte(strings.ToLower(ofCertificate)))}
	for i, part := range parts {
		s, err := parseStatement(part, version == currentVersion)
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

func parseStatement(body []byte, variables bool) (statement, error) {
	var effect string
	var action, resource, when json.RawMessage
	err := iam.Members(body, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "Sid":
			_, err = iam.Text(value)
		case "Effect":
			effect, err = iam.Text(value)
		case "Action":
			action = value
		case "Resource":
			resource = value
		case "Condition":
			when = value
		default:
			return iam.Unknown(name)
		}
		if err != nil {
			return fmt.Errorf("member %q %w", name, err)
		}
		return nil
	})
	s := statement{deny: effect == "Deny"}
	if err != nil {
		return s, err
	}
	if effect != "Allow" && !s.deny {
		return s, fmt.Errorf("effect %q is neither Allow nor Deny", effect)
	}
	// "You can use policy variables in the Resource element" (page Variables).
	if s.actions, err = patterns(bytes.ToLower(action), false); err != nil {
		return s, fmt.Errorf("action: %w", err)
	}
	if s.resources, err = patterns(resource, variables); err != nil {
		return s, fmt.Errorf("resource: %w", err)
	}
	if when != nil {
		s.conditions, err = parseConditions(when, variables)
	}
	return s, err
}

func patterns(raw json.RawMessage, variables bool) ([]iam.Pattern, error) {
	list, err := iam.Texts(raw)
	if err != nil {
		return nil, err
	}
	var out []iam.Pattern
	for _, text := range list {
		p, err := iam.Compile(text, variables)
		if err != nil {
			return nil, err
		}
		if name := unknownVariable(p.Variables()); name != "" {
			return nil, fmt.Errorf("the variable %s is not implemented by Shakedown", name)
		}
		out = append(out, p)
	}
	return out, nil
}

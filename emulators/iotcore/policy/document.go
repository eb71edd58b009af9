// Package policy evaluates AWS IoT Core policies: who may connect, publish,
// subscribe and receive what. It is pure.
//
// In resources * and ? are wildcards and + and # are literal characters. Policy
// variables such as ${iot:Connection.Thing.ThingName} stand for their values,
// whose characters are literal; a statement with a variable that has no value
// does not match. An explicit Deny wins over any Allow. See AWS.md §1 and
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxDocument is the most characters a document has, white space not counted;
// maxBytes bounds it with white space.
const (
	maxDocument = 2048
	maxBytes    = 64 << 10
)

// Document is a parsed policy.
type Document struct{ statements []statement }

type statement struct {
	deny      bool
	actions   []string
	resources []string
}

// Parse reads a policy document. Members that AWS has and this package does not
// evaluate (Condition, NotAction, NotResource, Principal) are errors that name
// them.
func Parse(text []byte) (*Document, error) {
	if n := len(strings.Join(strings.Fields(string(text)), "")); n > maxDocument || len(text) > maxBytes {
		return nil, fmt.Errorf("policy: %d characters are more than %d", n, maxDocument)
	}
	var body struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := strict(text, &body); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if body.Version != "2012-10-17" && body.Version != "2008-10-17" && body.Version != "" {
		return nil, fmt.Errorf("policy: version %q is not 2012-10-17", body.Version)
	}
	parts, err := list(body.Statement)
	if err != nil || len(parts) == 0 {
		return nil, errors.New("policy: Statement is neither a statement nor a list of them")
	}
	d := &Document{}
	for i, part := range parts {
		s, err := parseStatement(part)
		if err != nil {
			return nil, fmt.Errorf("policy: statement %d: %w", i+1, err)
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

func strict(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return fmt.Errorf("member %s is not implemented by Shakedown", name)
		}
		return err
	}
	if dec.More() {
		return errors.New("there is more than one JSON value")
	}
	return nil
}

// list reads one JSON value or a list of them.
func list(raw json.RawMessage) ([]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '[' {
		var items []json.RawMessage
		return items, json.Unmarshal(raw, &items)
	}
	if len(raw) == 0 {
		return nil, errors.New("missing")
	}
	return []json.RawMessage{raw}, nil
}

func parseStatement(text []byte) (statement, error) {
	var body struct {
		Sid, Effect      string
		Action, Resource json.RawMessage
	}
	if err := strict(text, &body); err != nil {
		return statement{}, err
	}
	s := statement{deny: body.Effect == "Deny"}
	if body.Effect != "Allow" && !s.deny {
		return s, fmt.Errorf("effect %q is neither Allow nor Deny", body.Effect)
	}
	var err error
	if s.actions, err = texts(body.Action); err != nil {
		return s, fmt.Errorf("action: %w", err)
	}
	if s.resources, err = texts(body.Resource); err != nil {
		return s, fmt.Errorf("resource: %w", err)
	}
	return s, nil
}

func texts(raw json.RawMessage) ([]string, error) {
	items, err := list(raw)
	if err != nil || len(items) == 0 {
		return nil, errors.New("is neither a text nor a list of texts")
	}
	var out []string
	for _, item := range items {
		var text string
		if json.Unmarshal(item, &text) != nil || text == "" {
			return nil, errors.New("is neither a text nor a list of texts")
		}
		out = append(out, text)
	}
	return out, nil
}

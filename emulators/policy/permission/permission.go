// Package permission is the statements that AddPermission and RemovePermission of SQS and
// SNS write into the policy of a queue or topic. It is pure.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
// https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
package permission

import (
	"encoding/json"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Permission allows accounts some actions on a resource. Its label is the statement's Sid.
type Permission struct {
	Label    string
	Accounts []string // their ids
	Actions  []string // with the service, as in SQS:SendMessage
	Resource string   // ARN
}

type document struct {
	Version   string            `json:"Version,omitempty"`
	ID        string            `json:"Id,omitempty"`
	Statement []json.RawMessage `json:"Statement"`
}

type statement struct {
	Sid       string
	Effect    string
	Principal struct{ AWS any }
	Action    any
	Resource  string
}

// Add puts a permission behind the statements of a policy; an empty policy is begun with
// an id. It answers false when a statement has the label already.
func Add(text, id string, p Permission) (string, bool, error) {
	d, err := read(text, id)
	if err != nil || slices.ContainsFunc(d.Statement, labelled(p.Label)) {
		return "", false, err
	}
	s := statement{Sid: p.Label, Effect: "Allow", Action: oneOrMore(p.Actions), Resource: p.Resource}
	roots := make([]string, len(p.Accounts))
	for i, account := range p.Accounts {
		roots[i] = "arn:aws:iam::" + account + ":root"
	}
	s.Principal.AWS = oneOrMore(roots)
	raw, err := json.Marshal(s)
	if err != nil {
		return "", false, err
	}
	d.Statement = append(d.Statement, raw)
	changed, err := json.Marshal(d)
	return string(changed), err == nil, err
}

// Remove takes the statement with a label out of a policy, which is empty without
// another. It answers false when there is none.
func Remove(text, label string) (string, bool, error) {
	d, err := read(text, "")
	if err != nil || !slices.ContainsFunc(d.Statement, labelled(label)) {
		return text, false, err
	}
	d.Statement = slices.DeleteFunc(d.Statement, labelled(label))
	if len(d.Statement) == 0 {
		return "", true, nil
	}
	changed, err := json.Marshal(d)
	return string(changed), err == nil, err
}

func read(text, id string) (document, error) {
	if text == "" {
		return document{Version: "2008-10-17", ID: id}, nil
	}
	var raw struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return document{}, err
	}
	list, err := policy.List(raw.Statement)
	return document{raw.Version, raw.ID, list}, err
}

func labelled(label string) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		var s struct{ Sid string }
		return json.Unmarshal(raw, &s) == nil && s.Sid == label
	}
}

// oneOrMore is how the services write lists: a single text stands alone.
func oneOrMore(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

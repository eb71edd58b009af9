package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Members calls set with each member of the one JSON object that document is. Names
// are exact, and none comes twice.
func Members(document []byte, set func(name string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(document))
	token, err := dec.Token()
	if err != nil {
		return unexpectedEnd(err)
	}
	if token != json.Delim('{') {
		return errors.New("it is not a JSON object")
	}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return unexpectedEnd(err)
		}
		name, ok := token.(string)
		if !ok {
			return fmt.Errorf("unexpected %v", token)
		}
		if seen[name] {
			return fmt.Errorf("member %q is there twice", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return unexpectedEnd(err)
		}
		if err := set(name, value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return unexpectedEnd(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is more behind the JSON object")
	}
	return nil
}

func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Unknown refuses a member.
func Unknown(name string) error {
	return fmt.Errorf("member %q is not implemented by Shakedown", name)
}

// Text reads a JSON string.
func Text(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", errors.New("is not a text")
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

// List reads one JSON value or a list of them.
func List(raw json.RawMessage) ([]json.RawMessage, error) {
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

// Texts reads a JSON string or a list of them; none is empty.
func Texts(raw json.RawMessage) ([]string, error) {
	items, err := List(raw)
	if err != nil || len(items) == 0 {
		return nil, errors.New("is neither a text nor a list of texts")
	}
	var out []string
	for _, item := range items {
		s, err := Text(item)
		if err != nil || s == "" {
			return nil, errors.New("is neither a text nor a list of texts")
		}
		out = append(out, s)
	}
	return out, nil
}

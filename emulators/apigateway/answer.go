package apigateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// answer is an HTTP response made of a function's answer.
type answer struct {
	status  int
	header  http.Header
	cookies []string
	body    []byte
}

// parseAnswer interprets what a function returned, in payload format 2.0: an
// object with statusCode is the response; anything else in JSON is the body of
// a 200 in JSON, a string without its quotes.
func parseAnswer(payload []byte) (answer, error) {
	if !json.Valid(payload) {
		return answer{}, fmt.Errorf("the function's answer is not JSON")
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(payload, &members) == nil {
		if _, ok := members["statusCode"]; ok {
			return fullAnswer(members)
		}
	}
	out := answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: payload}
	var text string
	if bytes.HasPrefix(bytes.TrimSpace(payload), []byte{'"'}) && json.Unmarshal(payload, &text) == nil {
		out.body = []byte(text)
	}
	return out, nil
}

func fullAnswer(members map[string]json.RawMessage) (answer, error) {
	out := answer{header: http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}}
	var err error
	if out.status, err = statusOf(members["statusCode"]); err != nil {
		return answer{}, err
	}
	var headers map[string]any
	if err := optional(members, "headers", &headers); err != nil {
		return answer{}, err
	}
	for name, value := range headers {
		text, ok := headerText(value)
		if !ok || strings.ContainsAny(name+text, "\r\n") {
			return answer{}, fmt.Errorf("header %q is not a scalar on one line", name)
		}
		out.header.Set(name, text)
	}
	var body *string
	var encoded bool
	for name, to := range map[string]any{"body": &body, "isBase64Encoded": &encoded, "cookies": &out.cookies} {
		if err := optional(members, name, to); err != nil {
			return answer{}, err
		}
	}
	if body == nil {
		return out, nil
	}
	out.body = []byte(*body)
	if encoded {
		if out.body, err = base64.StdEncoding.DecodeString(*body); err != nil {
			return answer{}, fmt.Errorf("body is not base64: %w", err)
		}
	}
	return out, nil
}

func optional(members map[string]json.RawMessage, name string, to any) error {
	raw, ok := members[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("%s of the function's answer: %w", name, err)
	}
	return nil
}

// statusOf reads a number, or a number in a string.
func statusOf(raw json.RawMessage) (int, error) {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	if err != nil || n < 200 || n > 599 {
		return 0, fmt.Errorf("statusCode %s is not an HTTP status", raw)
	}
	return n, nil
}

func headerText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	for _, c := range a.cookies {
		header.Add("Set-Cookie", c)
	}
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// message is the gateway's own answer.
func message(status int, text string) answer {
	body, err := json.Marshal(map[string]string{"message": text})
	if err != nil {
		body = []byte("{}")
	}
	return answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

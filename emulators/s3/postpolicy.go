package s3

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rclone/gofakes3"
)

// postPolicy is what whoever signed a form lets it upload.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
type postPolicy struct {
	Expiration time.Time
	Conditions []json.RawMessage
}

// maxConditions bounds the conditions of a policy, each of which is held against a form.
const maxConditions = 1000

// allowed holds a form against its policy. One without is anybody's, whom no bucket lets
// in, unless the request itself is signed.
func (f *postForm) allowed(r *http.Request, bucket string) error {
	encoded, ok := f.fields["policy"]
	if !ok {
		if r.Header.Get("Authorization") != "" {
			return nil
		}
		return gofakes3.ErrorMessage("AccessDenied", "Access Denied: the form has no policy")
	}
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return notPolicy("Invalid Policy: it is not in base64")
	}
	var p postPolicy
	if err := json.Unmarshal(text, &p); err != nil || p.Expiration.IsZero() || p.Conditions == nil || len(p.Conditions) > maxConditions {
		return notPolicy("Invalid Policy: it is no JSON object with expiration and conditions")
	}
	if time.Now().After(p.Expiration) {
		return notAllowed("Policy expired.")
	}
	about := map[string]bool{}
	for _, raw := range p.Conditions {
		c, err := readCondition(raw)
		if err != nil {
			return err
		}
		if err := c.hold(f, bucket); err != nil {
			return err
		}
		about[c.field] = true
	}
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		free := slices.Contains([]string{"policy", "x-amz-signature", "awsaccesskeyid", "signature"}, name) || strings.HasPrefix(name, "x-ignore-")
		if !about[name] && !free {
			return notAllowed("Extra input fields: " + name)
		}
	}
	return nil
}

// postCondition is a condition of such a policy: of a field, or of the length of the file.
type postCondition struct {
	match, field, value string
	least, most         int64
	text                string // as it is written
}

// readCondition reads {"acl": "private"}, ["starts-with", "$key", "user/"] or
// ["content-length-range", 1, 1024].
func readCondition(raw json.RawMessage) (postCondition, error) {
	c := postCondition{text: string(raw)}
	var exact map[string]string
	if json.Unmarshal(raw, &exact) == nil && len(exact) == 1 {
		for name, value := range exact {
			c.match, c.field, c.value = "eq", strings.ToLower(name), value
			c.text = fmt.Sprintf(`["eq", "$%s", %q]`, name, value)
		}
		return c, nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) != 3 || json.Unmarshal(list[0], &c.match) != nil {
		return c, notPolicy("Invalid Policy: Invalid Simple-Condition: " + c.text)
	}
	var err error
	switch c.match = strings.ToLower(c.match); c.match {
	case "content-length-range":
		err = json.Unmarshal(list[1], &c.least)
		if err == nil {
			err = json.Unmarshal(list[2], &c.most)
		}
	case "eq", "starts-with":
		err = json.Unmarshal(list[1], &c.field)
		if err == nil {
			err = json.Unmarshal(list[2], &c.value)
		}
		name, ok := strings.CutPrefix(c.field, "$")
		if c.field = strings.ToLower(name); !ok {
			return c, notPolicy("Invalid Policy: Invalid Condition: the field must begin with $: " + c.text)
		}
	default:
		return c, notPolicy("Invalid Policy: Invalid Condition: " + c.text)
	}
	if err != nil {
		return c, notPolicy("Invalid Policy: Invalid Condition: " + c.text)
	}
	return c, nil
}

// hold refuses a form that the condition does not let through.
func (c postCondition) hold(f *postForm, bucket string) error {
	size := int64(len(f.file))
	is := f.fields[c.field]
	if c.field == "bucket" {
		is = bucket
	}
	switch {
	case c.match == "content-length-range" && size < c.least:
		return gofakes3.ErrorMessage("EntityTooSmall", fmt.Sprintf("Your proposed upload is smaller than the minimum allowed size: %d bytes, less than %d", size, c.least))
	case c.match == "content-length-range" && size > c.most:
		return gofakes3.ErrorMessage(gofakes3.ErrEntityTooLarge, fmt.Sprintf("Your proposed upload exceeds the maximum allowed size: %d bytes, more than %d", size, c.most))
	case c.match == "eq" && is != c.value, c.match == "starts-with" && !strings.HasPrefix(is, c.value):
		return notAllowed("Policy Condition failed: " + c.text)
	}
	return nil
}

func notAllowed(why string) error {
	return gofakes3.ErrorMessage("AccessDenied", "Invalid according to Policy: "+why)
}

func notPolicy(why string) error {
	return gofakes3.ErrorMessage("InvalidPolicyDocument", why)
}

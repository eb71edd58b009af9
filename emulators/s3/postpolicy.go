package s3

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
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

// lengths are those that a file may have, in bytes.
type lengths struct{ least, most int64 }

// allowed holds a form against its policy, but for the file, whose lengths it answers. One
// without is anybody's, whom no bucket lets in, unless the request itself is signed.
func (f *postForm) allowed(r *http.Request) (lengths, error) {
	may := lengths{most: maxUpload}
	encoded, ok := f.fields["policy"]
	if !ok {
		if r.Header.Get("Authorization") != "" {
			return may, nil
		}
		return may, gofakes3.ErrorMessage("AccessDenied", "Access Denied: the form has no policy")
	}
	if err := f.signed(); err != nil {
		return may, err
	}
	p, err := readPostPolicy(encoded)
	if err != nil {
		return may, err
	}
	about := map[string]bool{}
	for _, raw := range p.Conditions {
		c, err := readCondition(raw)
		if err != nil {
			return may, err
		}
		if c.match == ofLength {
			may.least, may.most = max(may.least, c.least), min(may.most, c.most)
		} else if !c.holds(f.fields) {
			return may, notAllowed("Policy Condition failed: " + c.text)
		}
		about[c.field] = true
	}
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		free := slices.Contains([]string{"policy", "x-amz-signature", "awsaccesskeyid", "signature"}, name) || strings.HasPrefix(name, "x-ignore-")
		if !about[name] && !free {
			return may, notAllowed("Extra input fields: " + name)
		}
	}
	return may, nil
}

// formSignatures are the fields of a signature, of either version. What they say is not
// verified.
var formSignatures = [][]string{{"x-amz-signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date"}, {"signature", "awsaccesskeyid"}}

// signed refuses a policy that nobody has signed.
func (f *postForm) signed() error {
	for _, names := range formSignatures {
		var missing []string
		for _, name := range names {
			if _, ok := f.fields[name]; !ok {
				missing = append(missing, name)
			}
		}
		switch {
		case len(missing) == 0:
			return nil
		case len(missing) < len(names):
			return lacks(missing[0])
		}
	}
	return gofakes3.ErrorMessage("AccessDenied", "Access Denied: the form's policy is not signed")
}

// readPostPolicy reads a policy whose time is not over.
func readPostPolicy(encoded string) (p postPolicy, err error) {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return p, notPolicy("it is not in base64")
	}
	from := json.NewDecoder(bytes.NewReader(text))
	from.DisallowUnknownFields()
	if err := from.Decode(&p); err != nil {
		return p, notPolicy(err.Error())
	}
	if _, end := from.Token(); end != io.EOF || p.Expiration.IsZero() || p.Conditions == nil || len(p.Conditions) > maxConditions {
		return p, notPolicy("it is no JSON object with expiration and conditions")
	}
	if time.Now().After(p.Expiration) {
		return p, notAllowed("Policy expired.")
	}
	return p, nil
}

// postCondition is a condition of such a policy: of a field, or else of the length of the
// file.
type postCondition struct {
	match, field, value string
	lengths
	text string // as it is written
}

// ofLength is the match of one that is of the length.
const ofLength = "content-length-range"

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
		return c, notPolicy("Invalid Simple-Condition: " + c.text)
	}
	var err error
	known := true
	switch c.match = strings.ToLower(c.match); c.match {
	case ofLength:
		err = cmp.Or(json.Unmarshal(list[1], &c.least), json.Unmarshal(list[2], &c.most))
	case "eq", "starts-with":
		err = cmp.Or(json.Unmarshal(list[1], &c.field), json.Unmarshal(list[2], &c.value))
		c.field, known = strings.CutPrefix(strings.ToLower(c.field), "$")
	default:
		known = false
	}
	if err != nil || !known {
		return c, notPolicy("Invalid Condition: " + c.text)
	}
	return c, nil
}

// holds tells whether a condition lets fields through: its own is there, even where it may
// be anything, and each of a list of content types is as it says.
func (c postCondition) holds(fields map[string]string) bool {
	is, ok := fields[c.field]
	switch {
	case !ok || c.match == "eq":
		return ok && is == c.value
	case c.field != "content-type":
		return strings.HasPrefix(is, c.value)
	}
	for one := range strings.SplitSeq(is, ",") {
		if !strings.HasPrefix(strings.TrimSpace(one), c.value) {
			return false
		}
	}
	return true
}

func notAllowed(why string) error {
	return gofakes3.ErrorMessage("AccessDenied", "Invalid according to Policy: "+why)
}

func notPolicy(why string) error {
	return gofakes3.ErrorMessage("InvalidPolicyDocument", "Invalid Policy: "+why)
}

package s3

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// accessBlock is a bucket's public access block; without one nothing is blocked. What
// it ignores and restricts is of others than the account, of whom there are none here.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
type accessBlock struct{ BlockPublicAcls, BlockPublicPolicy bool }

func (b *bucket) accessBlock() accessBlock {
	var block accessBlock
	_ = xml.Unmarshal([]byte(b.document("publicAccessBlock")), &block) // checked when it was put
	return block
}

// enforced tells whether the bucket's owner owns every object, so that nothing has an
// access control list.
func (b *bucket) enforced() bool {
	return strings.Contains(b.document("ownershipControls"), ">BucketOwnerEnforced<")
}

// blocked is the refusal of what is public.
func (s *State) blocked(action, resource, what, setting string) error {
	return gofakes3.ErrorMessage("AccessDenied", "User: arn:aws:iam::"+s.config.Identity.Account+":root is not authorized to perform: s3:"+action+` on resource: "arn:aws:s3:::`+resource+
		`" because public `+what+" are prevented by the "+setting+" setting in S3 Block Public Access.")
}

// fixedKeys are the condition keys with which a statement for everybody is not public, if
// their values are fixed; of those that are evaluated here.
var fixedKeys = []string{
	"aws:sourcearn", "aws:sourceowner", "aws:sourceaccount", "aws:principalorgid", "aws:principalarn", "aws:principalaccount",
	"s3:x-amz-server-side-encryption-aws-kms-key-id",
}

// isPublic tells whether a policy that was parsed lets everybody in.
func isPublic(text []byte) bool {
	var document struct{ Statement json.RawMessage }
	if json.Unmarshal(text, &document) != nil {
		return false
	}
	statements, err := policy.List(document.Statement)
	return err == nil && slices.ContainsFunc(statements, isPublicStatement)
}

func isPublicStatement(raw json.RawMessage) bool {
	var s struct {
		Effect                  string
		Principal, NotPrincipal json.RawMessage
		Condition               map[string]map[string]json.RawMessage
	}
	if json.Unmarshal(raw, &s) != nil || s.Effect != "Allow" || s.NotPrincipal == nil && !everybody(s.Principal) {
		return false
	}
	for operator, keys := range s.Condition {
		if !slices.Contains([]string{"stringequals", "stringlike", "arnequals", "arnlike"}, strings.ToLower(operator)) {
			continue
		}
		for key, values := range keys {
			if slices.Contains(fixedKeys, strings.ToLower(key)) && !strings.ContainsAny(string(values), "*?$") {
				return false
			}
		}
	}
	return true
}

// everybody tells whether a Principal is "*" or {"AWS": "*"}.
func everybody(principal json.RawMessage) bool {
	if text, err := policy.Text(principal); err == nil {
		return text == "*"
	}
	var of struct{ AWS json.RawMessage }
	if json.Unmarshal(principal, &of) != nil || of.AWS == nil {
		return false
	}
	accounts, err := policy.Texts(of.AWS)
	return err == nil && slices.Contains(accounts, "*")
}

// refuseACL refuses access control lists where the bucket has none, and public ones where
// they are blocked. Any other is refused by name: see taken.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (s *State) refuseACL(r *http.Request) error {
	if r.Method != http.MethodPut && r.Method != http.MethodPost {
		return nil
	}
	list, grants := r.Header.Get("X-Amz-Acl"), ""
	var lists []string // headers
	for name, values := range r.Header {
		if grant := strings.HasPrefix(name, "X-Amz-Grant-"); grant || name == "X-Amz-Acl" {
			lists = append(lists, strings.ToLower(name))
			if grant {
				grants += strings.Join(values, ",") + ","
			}
		}
	}
	slices.Sort(lists)
	bucketName, key, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	puts := r.URL.Query().Has("acl")
	if list == "" && grants == "" && !puts || key == "" && !puts {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(bucketName)
	switch {
	case !ok:
		return nil
	case b.enforced() && puts:
		put := "PutBucketAcl"
		if key != "" {
			put = "PutObjectAcl"
		}
		return gofakes3.ErrorMessage("AccessControlListNotSupported", "The bucket does not allow ACLs, and "+put+" is not implemented by Shakedown")
	case b.enforced() && (grants != "" || list != "bucket-owner-full-control"):
		return gofakes3.ErrorMessage("AccessControlListNotSupported", "The bucket does not allow ACLs: "+strings.Join(lists, ", "))
	case b.accessBlock().BlockPublicAcls && (list == "authenticated-read" || strings.HasPrefix(list, "public-") || strings.Contains(grants, "/groups/global/")):
		return s.blocked(action(r.Method, key, r.URL.Query()), strings.Trim(r.URL.Path, "/"), "ACLs", "BlockPublicAcls")
	}
	return nil
}

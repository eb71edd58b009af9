package iam

import (
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// State is the roles and policies of one account.
type State struct {
	account, region string
	decisions       decisions

	mu       sync.RWMutex
	roles    map[string]*role    // by name in lower case
	policies map[string]*managed // by ARN
}

// New makes an empty State.
func New(id wire.Identity) *State {
	id = id.OrDefault()
	return &State{account: id.Account, region: id.Region, roles: map[string]*role{}, policies: map[string]*managed{}}
}

// Bounds; see the package comment.
const (
	maxRoles    = 1000
	maxPolicies = 1500
	maxVersions = 5
	maxTrust    = 2048
	maxInline   = 10240
	maxManaged  = 6144
	maxTags     = 50
	maxAttached = 20
	maxText     = 1000 // of descriptions
)

// role is that of a name, whose case does not count; nil if there is none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func (s *State) role(name string) *role { return s.roles[strings.ToLower(name)] }

// Empty is the request or answer of operations that have nothing to say.
type Empty struct{}

func (s *State) arn(resource string) string { return "arn:aws:iam::" + s.account + ":" + resource }

// uniqueID is 21 characters that begin with the kind of a resource, such as AROA for a role:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func uniqueID(prefix, arn string, made time.Time) string {
	sum := sha256.Sum256([]byte(arn + made.String()))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

var (
	nameForm = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	pathForm = regexp.MustCompile(`^/([!-~]*/)?$`)
)

// checkName refuses what is no name of a resource of at most max characters.
func checkName(member, name string, max int) error {
	if !nameForm.MatchString(name) || len(name) > max {
		return invalid("The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and have at most %d characters", member, max)
	}
	return nil
}

// checkPath refuses what is no path, and makes / of none.
func checkPath(path *string) error {
	if *path == "" {
		*path = "/"
	}
	if len(*path) > 512 || !pathForm.MatchString(*path) {
		return invalid("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return nil
}

// checkText refuses what is no description.
func checkText(text string) error {
	if len([]rune(text)) > maxText {
		return invalid("The specified value for description is invalid. It must have at most %d characters", maxText)
	}
	return nil
}

// document is a policy as it was given, and as it is evaluated.
type document struct {
	text string
	*policy.Document
}

// size is how many characters a document counts: IAM leaves white space out.
func (d document) size() int { return len([]rune(strings.Join(strings.Fields(d.text), ""))) }

// documentForm has "only the following Unicode characters":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
var documentForm = regexp.MustCompile(`^[\t\n\r\x{20}-\x{ff}]+$`)

// read checks a policy document of at most max characters.
func read(text string, max int, parse func([]byte) (*policy.Document, error)) (document, error) {
	if !documentForm.MatchString(text) {
		return document{}, invalid("The specified value for policyDocument is invalid. It must contain only printable ASCII characters and those of the Latin-1 Supplement, and white space")
	}
	parsed, err := parse([]byte(text))
	if err != nil {
		return document{}, wire.Errorf("MalformedPolicyDocument", 0, "Syntax errors in policy: %s.", strings.TrimPrefix(err.Error(), "policy: "))
	}
	d := document{text, parsed}
	if d.size() > max {
		return document{}, wire.Errorf("LimitExceeded", http.StatusConflict, "Maximum policy size of %d bytes exceeded", max)
	}
	return d, nil
}

// encoded is a document as answers carry it: URL-encoded by RFC 3986.
func encoded(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationError", 0, format, args...)
}

func missing(what, name string) error {
	return wire.Errorf("NoSuchEntity", http.StatusNotFound, "The %s %s cannot be found.", what, name)
}

func exists(what, name string) error {
	return wire.Errorf("EntityAlreadyExists", http.StatusConflict, "%s with name %s already exists.", what, name)
}

func inUse(format string, args ...any) error {
	return wire.Errorf("DeleteConflict", http.StatusConflict, format, args...)
}

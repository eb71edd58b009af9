package lambda

import (
	"regexp"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Error codes of the service.
const (
	codeInvalid  = "InvalidParameterValueException"
	codeNotFound = "ResourceNotFoundException"
	codeConflict = "ResourceConflictException"
	codeThrottle = "TooManyRequestsException"
	codeTooLarge = "RequestTooLargeException"
	codeContent  = "InvalidRequestContentException"
)

const latestVersion = "$LATEST"

var (
	namePattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	rolePattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-/]+$`)
)

// nameOf reads a function reference: a name, a full ARN, or a partial ARN
// (account:function:name), each with an optional :$LATEST. Other qualifiers are
// refused: there are no versions and aliases.
// See https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
func (s *State) nameOf(ref string) (string, error) {
	rest := ref
	if strings.HasPrefix(ref, "arn:") {
		resource, ok := wire.ResourceOf(ref, "lambda")
		if !ok || !strings.HasPrefix(ref, strings.TrimSuffix(s.config.Identity.ARN("lambda", ""), ":")) {
			return "", wire.Errorf(codeNotFound, 404, "Functions from '%s' are not reachable in this account and region ('%s')",
				ref, s.config.Identity.ARN("lambda", "function:…"))
		}
		rest = resource
	} else if after, ok := strings.CutPrefix(ref, s.config.Identity.Account+":"); ok {
		rest = after
	}
	rest = strings.TrimPrefix(rest, "function:")
	name, qualifier, qualified := strings.Cut(rest, ":")
	if !namePattern.MatchString(name) {
		return "", wire.Errorf(codeInvalid, 0, "%q is not a function name or ARN", ref)
	}
	if qualified {
		return name, checkQualifier(qualifier)
	}
	return name, nil
}

func checkQualifier(q string) error {
	if q == "" || q == latestVersion {
		return nil
	}
	return wire.Errorf(codeInvalid, 0, "qualifier %q: versions and aliases are not implemented by Shakedown", q)
}

func (s *State) arn(name string) string {
	return s.config.Identity.ARN("lambda", "function:"+name)
}

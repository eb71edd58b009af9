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
	codeService  = "ServiceException"
)

const latestVersion = "$LATEST"

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// refOf reads a function reference: a name, a full ARN, or a partial ARN
// (account:function:name), each with an optional qualifier, which may also be
// given beside it.
// See https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
func (s *State) refOf(ref, qualifier string) (string, string, error) {
	rest := ref
	if strings.HasPrefix(ref, "arn:") {
		resource, ok := wire.ResourceOf(ref, "lambda")
		if !ok || !strings.HasPrefix(ref, strings.TrimSuffix(s.config.Identity.ARN("lambda", ""), ":")) {
			return "", "", wire.Errorf(codeNotFound, 404, "Functions from '%s' are not reachable in this account and region ('%s')",
				ref, s.config.Identity.ARN("lambda", "function:…"))
		}
		rest = resource
	} else if after, ok := strings.CutPrefix(ref, s.config.Identity.Account+":"); ok {
		rest = after
	}
	rest = strings.TrimPrefix(rest, "function:")
	name, inside, qualified := strings.Cut(rest, ":")
	if !namePattern.MatchString(name) || (qualified && !isQualifier(inside)) {
		return "", "", wire.Errorf(codeInvalid, 0, "%q is not a function name or ARN", ref)
	}
	switch {
	case qualifier != "" && !isQualifier(qualifier):
		return "", "", wire.Errorf(codeInvalid, 0, "%q is not $LATEST, a version or an alias", qualifier)
	case qualifier != "" && inside != "" && qualifier != inside:
		return "", "", wire.Errorf(codeInvalid, 0, "The derived qualifier from the function name does not match the specified qualifier.")
	case qualifier == "":
		qualifier = inside
	}
	return name, qualifier, nil
}

// isQualifier tells $LATEST and what a version or an alias may be called.
func isQualifier(q string) bool { return q == latestVersion || aliasPattern.MatchString(q) }

// nameOf reads a reference that has no qualifier but $LATEST.
func (s *State) nameOf(ref string) (string, error) {
	name, qualifier, err := s.refOf(ref, "")
	if err == nil && qualifier != "" && qualifier != latestVersion {
		err = wire.Errorf(codeInvalid, 0, "%q has a qualifier, which this operation takes no", ref)
	}
	return name, err
}

func (s *State) arn(name string) string {
	return s.config.Identity.ARN("lambda", "function:"+name)
}

func (s *State) arnOf(name, qualifier string) string {
	if qualifier == "" {
		return s.arn(name)
	}
	return s.arn(name) + ":" + qualifier
}

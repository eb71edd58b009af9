package apigateway

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// How many there are of a thing.
//
//   - https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
//   - https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const (
	maxAPIs         = 600
	maxRoutes       = 300
	maxIntegrations = 300
	maxStages       = 10
	maxTags         = 50
)

// How long texts are, in characters.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
const (
	maxName        = 128
	maxDescription = 1024
	maxVersion     = 64
	maxOperation   = 64
	maxTagKey      = 128
	maxTagValue    = 256
)

func tooMany(what string, most int) error {
	return wire.Errorf(codeInvalid, 0, "Maximum number of %s has been reached: %d", what, most)
}

// checkTexts checks what describes an API.
func checkTexts(name, description, version string) error {
	if name == "" {
		return wire.Errorf(codeInvalid, 0, "name is required")
	}
	for _, one := range []struct {
		member, text string
		most         int
	}{{"name", name, maxName}, {"description", description, maxDescription}, {"version", version, maxVersion}} {
		if err := checkText(one.member, one.text, one.most); err != nil {
			return err
		}
	}
	return nil
}

func checkText(member, text string, most int) error {
	if len([]rune(text)) > most {
		return wire.Errorf(codeInvalid, 0, "%s has at most %d characters", member, most)
	}
	return nil
}

// maxHead is the "total combined size of request line and header values", in bytes.
const maxHead = 10240

// headOf is the size of a request's line and header values.
func headOf(r *http.Request) int {
	size := len(r.Method) + 1 + len(r.URL.RequestURI()) + 1 + len(r.Proto) + len(r.Host)
	for _, values := range r.Header {
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}

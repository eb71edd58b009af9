package registry

import (
	"regexp"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// ProvisioningHook is the function that is asked before a device is provisioned.
// https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
type ProvisioningHook struct {
	PayloadVersion string `json:"payloadVersion,omitempty"`
	TargetArn      string `json:"targetArn"`
}

// hookVersion is the one version of the payload that there is.
// https://docs.aws.amazon.com/iot/latest/apireference/API_ProvisioningHook.html
const hookVersion = "2020-04-01"

var hookTarget = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+(:[a-zA-Z0-9$_-]+)?$`)

func (t *keptTemplate) checkHook() error {
	switch {
	case t.hook == nil:
		return nil
	case t.kind != template.Fleet:
		return invalid("template %s: only a template of type %s has a preProvisioningHook", t.name, template.Fleet)
	case t.hook.PayloadVersion != "" && t.hook.PayloadVersion != hookVersion:
		return invalid("template %s: payloadVersion of preProvisioningHook is %s, not %q", t.name, hookVersion, t.hook.PayloadVersion)
	case !hookTarget.MatchString(t.hook.TargetArn):
		return invalid("template %s: targetArn %q of preProvisioningHook is not the ARN of a function", t.name, t.hook.TargetArn)
	}
	return nil
}

// HookRequest is what the function of a hook gets.
type HookRequest struct {
	ClaimCertificateID string            `json:"claimCertificateId"`
	CertificateID      string            `json:"certificateId"`
	CertificatePem     string            `json:"certificatePem"`
	TemplateArn        string            `json:"templateArn"`
	ClientID           string            `json:"clientId"`
	Parameters         map[string]string `json:"parameters"`
}

// Hook answers the function that a template wants to be asked about the certificate of
// a token, with the request; it is empty when there is none.
func (s *State) Hook(name, token string, given map[string]string) (function string, request HookRequest, err error) {
	defer s.change()()
	t, c, err := s.claimed(name, token)
	if err != nil || t.hook == nil {
		return "", HookRequest{}, err
	}
	if given == nil {
		given = map[string]string{}
	}
	return t.hook.TargetArn, HookRequest{
		CertificateID: c.id, CertificatePem: c.pem(), TemplateArn: s.templateARN(t.name), Parameters: given,
	}, nil
}

package registry

import (
	"testing"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// FuzzTemplate: no body panics, whatever it asks for.
func FuzzTemplate(f *testing.F) {
	f.Add(`{"Resources": {"c": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}}}, "DeviceConfiguration": {"x": {"Fn::Sub": ["${a", {}]}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := template.Parse(text, template.Fleet); err == nil {
			_, _ = New(Config{}).plan(b, map[string]string{template.CertificateID: "c"}, &certificate{id: "c"})
		}
	})
}

package template

import (
	"crypto/x509"
	"encoding/asn1"
)

// subjectFields are the parameters of just-in-time provisioning, each with its type
// of attribute in the certificate's subject.
// https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
var subjectFields = map[string]asn1.ObjectIdentifier{
	"AWS::IoT::Certificate::Country":                    {2, 5, 4, 6},
	"AWS::IoT::Certificate::Organization":               {2, 5, 4, 10},
	"AWS::IoT::Certificate::OrganizationalUnit":         {2, 5, 4, 11},
	"AWS::IoT::Certificate::DistinguishedNameQualifier": {2, 5, 4, 46},
	"AWS::IoT::Certificate::StateName":                  {2, 5, 4, 8},
	"AWS::IoT::Certificate::CommonName":                 {2, 5, 4, 3},
	"AWS::IoT::Certificate::SerialNumber":               {2, 5, 4, 5},
}

// Subject are the parameters that a certificate of this id has; of an attribute that is there
// twice, the first counts.
func Subject(c *x509.Certificate, id string) map[string]string {
	parameters := map[string]string{CertificateID: id}
	for parameter, kind := range subjectFields {
		for _, attribute := range c.Subject.Names {
			value, ok := attribute.Value.(string)
			if ok && attribute.Type.Equal(kind) {
				parameters[parameter] = value
				break
			}
		}
	}
	return parameters
}

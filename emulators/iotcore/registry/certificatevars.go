package registry

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strconv"
)

// nameFields are the attributes of a certificate's subject and issuer that policies may
// ask for.
// https://docs.aws.amazon.com/iot/latest/developerguide/cert-policy-variables.html
var nameFields = map[string]asn1.ObjectIdentifier{
	"DistinguishedNameQualifier": {2, 5, 4, 46}, "Country": {2, 5, 4, 6}, "Organization": {2, 5, 4, 10},
	"OrganizationalUnit": {2, 5, 4, 11}, "State": {2, 5, 4, 8}, "CommonName": {2, 5, 4, 3}, "SerialNumber": {2, 5, 4, 5},
	"Title": {2, 5, 4, 12}, "Surname": {2, 5, 4, 4}, "GivenName": {2, 5, 4, 42}, "Initials": {2, 5, 4, 43},
	"Pseudonym": {2, 5, 4, 65}, "GenerationQualifier": {2, 5, 4, 44},
}

// certificateVars are the policy variables of a certificate. "By default, the policy
// variables for each multi-value attribute return the first value": .1 is the second, and
// .List, of conditions, are all.
type certificateVars struct {
	vars  map[string]string
	lists map[string][]string
}

func newCertificateVars(der []byte) *certificateVars {
	v := &certificateVars{map[string]string{}, map[string][]string{}}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return v // it was read when it was registered
	}
	v.addName("Subject", c.Subject)
	v.addName("Issuer", c.Issuer)
	const alternative = "Subject.AlternativeName."
	v.add(alternative+"RFC822Name", c.EmailAddresses)
	v.add(alternative+"DNSName", c.DNSNames)
	var uris, addresses []string
	for _, uri := range c.URIs {
		uris = append(uris, uri.String())
	}
	for _, ip := range c.IPAddresses {
		addresses = append(addresses, ip.String())
	}
	v.add(alternative+"UniformResourceIdentifier", uris)
	v.add(alternative+"IPAddress", addresses)
	return v
}

func (v *certificateVars) addName(whose string, name pkix.Name) {
	for field, kind := range nameFields {
		var values []string
		for _, attribute := range name.Names {
			if value, ok := attribute.Value.(string); ok && attribute.Type.Equal(kind) {
				values = append(values, value)
			}
		}
		v.add(whose+"."+field, values)
	}
}

func (v *certificateVars) add(field string, values []string) {
	if len(values) == 0 {
		return
	}
	key := "iot:Certificate." + field
	v.vars[key], v.lists[key+".List"] = values[0], values
	for i, value := range values {
		v.vars[key+"."+strconv.Itoa(i)] = value
	}
}

package policy

import (
	"regexp"
	"slices"
	"strings"
)

// Keys of conditions, and policy variables, that are not of the thing's attributes or the
// certificate's.
// https://docs.aws.amazon.com/iot/latest/developerguide/basic-policy-variables.html
const (
	SourceIP          = "aws:SourceIp"
	ClientID          = "iot:ClientId"
	DomainName        = "iot:DomainName"
	CertificateID     = "iot:CertificateId"
	ConnectAttributes = "iot:ConnectAttributes"
	LastWillTopic     = "iot:LastWillTopic"
	ThingName         = "iot:Connection.Thing.ThingName"
	ThingTypeName     = "iot:Connection.Thing.ThingTypeName"
	IsAttached        = "iot:Connection.Thing.IsAttached"
)

var keys = []string{SourceIP, ClientID, DomainName, CertificateID, ConnectAttributes, LastWillTopic, ThingName, ThingTypeName, IsAttached}

// attributes begins the keys of the thing's attributes: Attributes[name].
const attributes = "iot:Connection.Thing.Attributes["

// Attribute is the key of an attribute of the thing.
func Attribute(name string) string { return attributes + name + "]" }

// ofCertificate begins the keys of the certificate's attributes.
const ofCertificate = "iot:Certificate."

// certificateKey are those that are implemented; a number counts the values of an
// attribute, of which the first is 0, and List is all.
// https://docs.aws.amazon.com/iot/latest/developerguide/cert-policy-variables.html
var certificateKey = regexp.MustCompile(`^iot:Certificate\.((Subject|Issuer)\.(DistinguishedNameQualifier|Country|Organization|OrganizationalUnit|State|CommonName|SerialNumber|Title|Surname|GivenName|Initials|Pseudonym|GenerationQualifier)` +
	`|Subject\.AlternativeName\.(RFC822Name|DNSName|UniformResourceIdentifier|IPAddress))(\.\d+|\.List)?$`)

// keyOf is how a key is spelled, as its case does not count; false is that there is no
// such key here.
func keyOf(key string) (string, bool) {
	for _, known := range keys {
		if strings.EqualFold(key, known) {
			return known, true
		}
	}
	n := len(attributes)
	if len(key) > n && strings.EqualFold(key[:n], attributes) && strings.HasSuffix(key, "]") {
		return attributes + key[n:], true
	}
	return key, certificateKey.MatchString(key)
}

// unknownVariable is a variable of the certificate that is not implemented, or empty.
func unknownVariable(names []string) string {
	at := slices.IndexFunc(names, func(name string) bool {
		return strings.HasPrefix(name, ofCertificate) && !certificateKey.MatchString(name)
	})
	if at < 0 {
		return ""
	}
	return names[at]
}

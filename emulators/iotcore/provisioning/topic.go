package provisioning

import "strings"

// Topics of provisioning by claim, without their format.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
const (
	topicCreateKeys = "$aws/certificates/create"
	topicCreateCSR  = "$aws/certificates/create-from-csr"
	topicTemplates  = "$aws/provisioning-templates/"
	topicProvision  = "/provision"
)

// request is what its topic says.
type request struct {
	base     string // without the format
	template string // of topicTemplates
	format   payloadFormat
}

// requestOf takes a topic apart; false is that it is of no request.
func requestOf(topic string) (request, bool) {
	at := strings.LastIndexByte(topic, '/')
	if at < 0 {
		return request{}, false
	}
	format, ok := payloadFormats[topic[at+1:]]
	r := request{base: topic[:at], format: format}
	if !ok || r.base == topicCreateKeys || r.base == topicCreateCSR {
		return r, ok
	}
	name, ok := strings.CutPrefix(r.base, topicTemplates)
	if !ok {
		return r, false
	}
	r.template, ok = strings.CutSuffix(name, topicProvision)
	return r, ok && r.template != "" && !strings.Contains(r.template, "/")
}

// IsRequest tells whether a topic is that of a request.
func IsRequest(topic string) bool {
	_, ok := requestOf(topic)
	return ok
}

// IsAnswer tells whether a filter is for answers alone.
func IsAnswer(filter string) bool {
	at := strings.LastIndexByte(filter, '/')
	if at < 0 {
		return false
	}
	last := filter[at+1:]
	switch last {
	case "accepted", "rejected", "+", "#":
		return IsRequest(filter[:at])
	}
	return false
}

package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"sort"
	"strings"
)

// MessageAttribute is a typed attribute of a message.
type MessageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

var (
	attributeName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,256}$`)
	attributeType = regexp.MustCompile(`^(String|Number|Binary)(\..{1,249})?$`)
	numberForm    = regexp.MustCompile(`^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$`)
)

// checkAttributes holds attributes to
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func checkAttributes(attributes map[string]MessageAttribute) error {
	if len(attributes) > 10 {
		return invalid("Number of message attributes [%d] exceeds the allowed maximum [10].", len(attributes))
	}
	for name, a := range attributes {
		lower := strings.ToLower(name)
		if !attributeName.MatchString(name) || strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon.") ||
			strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
			return invalid("Message (user) attribute name '%s' is invalid.", name)
		}
		binary := strings.HasPrefix(a.DataType, "Binary")
		switch {
		case !attributeType.MatchString(a.DataType):
			return invalid("The type of message (user) attribute '%s' is invalid. You must use only the following supported type prefixes: Binary, Number, String.", name)
		case binary && len(a.BinaryValue) == 0 || !binary && a.StringValue == "":
			return invalid("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, a.DataType)
		case binary && a.StringValue != "":
			return invalid("Message (user) attribute '%s' of type '%s' has a StringValue.", name, a.DataType)
		case !binary && len(a.BinaryValue) > 0:
			return invalid("Message (user) attribute '%s' of type '%s' has a BinaryValue.", name, a.DataType)
		case strings.HasPrefix(a.DataType, "Number") && !numberForm.MatchString(a.StringValue):
			return invalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
		}
	}
	return nil
}

// checkSystemAttributes holds system attributes to the trace header, which is a string.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func checkSystemAttributes(attributes map[string]MessageAttribute) error {
	for name, a := range attributes {
		switch {
		case name != traceHeader:
			return invalid("Message system attribute name '%s' is invalid.", name)
		case a.DataType != "String" || a.StringValue == "":
			return invalid("Message system attribute '%s' must contain a non-empty value of type 'String'.", name)
		case len(a.BinaryValue) > 0:
			return invalid("Message system attribute '%s' of type 'String' has a BinaryValue.", name)
		}
	}
	return nil
}

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// md5Attributes is the digest that SDKs check.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func md5Attributes(attributes map[string]MessageAttribute) string {
	if len(attributes) == 0 {
		return ""
	}
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	sort.Strings(names)
	digest := md5.New()
	field := func(b []byte) {
		digest.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		digest.Write(b)
	}
	for _, name := range names {
		a := attributes[name]
		field([]byte(name))
		field([]byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			digest.Write([]byte{2})
			field(a.BinaryValue)
		} else {
			digest.Write([]byte{1})
			field([]byte(a.StringValue))
		}
	}
	return hex.EncodeToString(digest.Sum(nil))
}

package sns

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/sns/filter"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxSubject is the limit of a subject (AWS.md §5).
const maxSubject = 99

// numberForm is the value of an attribute that is a number, as queues take one.
var numberForm = regexp.MustCompile(`^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$`)

// Attribute is a message attribute.
type Attribute struct {
	DataType    string
	StringValue string
	BinaryValue []byte
}

// Message is what is published. With MessageStructure json, Message is an object
// with a text for each protocol, and "default" for all others.
type Message struct {
	Subject                string
	Message                string
	MessageStructure       string
	MessageAttributes      map[string]Attribute
	MessageGroupId         string
	MessageDeduplicationId string
}

// validate holds an attribute to a value of its type and no other, as the queues that get
// it do.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func (a Attribute) validate(name string) error {
	kind, _, _ := strings.Cut(a.DataType, ".")
	binary := kind == "Binary"
	switch {
	case a.DataType == "" || a.StringValue == "" && len(a.BinaryValue) == 0:
		return invalid("MessageAttributes", "The message attribute '"+name+"' must contain a type and a non-empty value")
	case binary && a.StringValue != "":
		return invalid("MessageAttributes", "The message attribute '"+name+"' with type '"+a.DataType+"' has a StringValue, it must use field 'Binary'")
	case !binary && len(a.BinaryValue) > 0:
		return invalid("MessageAttributes", "The message attribute '"+name+"' with type '"+a.DataType+"' has a BinaryValue, it must use field 'String'")
	case !binary && kind != "String" && kind != "Number":
		return wire.Errorf("ParameterValueInvalid", 0, "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	case kind == "Number" && !numberForm.MatchString(a.StringValue):
		return wire.Errorf("ParameterValueInvalid", 0, "Could not cast message attribute '%s' value to number.", name)
	}
	return nil
}

func (in *Message) checkAttributes() error {
	for name, a := range in.MessageAttributes {
		if err := cmp.Or(checkName(name), a.validate(name)); err != nil {
			return err
		}
	}
	return nil
}

// nameForm are the characters of an attribute's name.
var nameForm = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// checkName holds the name of an attribute to its form. Names with AWS's prefix are those
// that say how text messages and mobile push are sent; others with it are reserved.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func checkName(name string) error {
	bad := func(reason string) error { return wire.Errorf("ParameterValueInvalid", 0, "%s", reason) }
	lower := strings.ToLower(name)
	switch {
	case len(name) > 256:
		return bad("Length of message attribute name must be at most 256 bytes.")
	case strings.HasPrefix(name, "."):
		return bad("Invalid message attribute name starting with character '.' was found.")
	case strings.HasSuffix(name, "."):
		return bad("Invalid message attribute name ending with character '.' was found.")
	case strings.Contains(name, ".."):
		return bad("Message attribute name can not have successive '.' characters.")
	case !nameForm.MatchString(name):
		return bad("Message attribute name " + strconv.Quote(name) + " can only include alphanumeric characters, hyphens, underscores, or dots.")
	case strings.HasPrefix(name, "AWS.SNS.") || strings.HasPrefix(name, "AWS.MM."):
	case strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon."):
		return bad("Message attribute name " + name + " begins with a prefix that is reserved.")
	}
	return nil
}

func (in *Message) validate() error {
	if in.Message == "" {
		return invalid("Message", "Empty message")
	}
	if err := in.checkAttributes(); err != nil {
		return err
	}
	if !utf8.ValidString(in.Subject) || utf8.RuneCountInString(in.Subject) > maxSubject {
		return invalid("Subject", "Subject must be UTF-8 text of less than 100 characters")
	}
	for _, r := range in.Subject {
		if unicode.IsControl(r) {
			return invalid("Subject", "Subject must not have control characters or line breaks")
		}
	}
	for name, value := range map[string]string{"MessageGroupId": in.MessageGroupId, "MessageDeduplicationId": in.MessageDeduplicationId} {
		if value != "" && !fifoToken.MatchString(value) {
			return invalid(name, "it must be 1 to 128 alphanumeric characters and punctuation")
		}
	}
	return in.validateStructure()
}

// size is what counts for the topic's bound, in bytes.
func (in *Message) size() int {
	size := len(in.Message)
	for name, a := range in.MessageAttributes {
		size += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return size
}

func (in *Message) validateStructure() error {
	switch in.MessageStructure {
	case "":
		return nil
	case "json":
		texts, err := in.texts()
		if err != nil {
			return invalid("Message Structure", "JSON message body failed to parse")
		}
		if _, ok := texts["default"].(string); !ok {
			return invalid("Message Structure", "No default entry in JSON message body")
		}
		return nil
	}
	return invalid("MessageStructure", "it can only be json")
}

// texts are what a Message says in JSON; no key of it comes twice.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (in *Message) texts() (map[string]any, error) {
	texts := map[string]any{}
	err := policy.Members([]byte(in.Message), func(key string, value json.RawMessage) error {
		var text any
		err := json.Unmarshal(value, &text)
		texts[key] = text
		return err
	})
	return texts, err
}

// textFor is what a protocol's endpoints get.
func (in *Message) textFor(protocol string) string {
	if in.MessageStructure == "" {
		return in.Message
	}
	texts, _ := in.texts() // validated
	for _, key := range []string{protocol, "default"} {
		if text, ok := texts[key].(string); ok {
			return text
		}
	}
	return ""
}

// filtered are the attributes as filter policies see them.
func (in *Message) filtered() map[string]filter.Attribute {
	out := make(map[string]filter.Attribute, len(in.MessageAttributes))
	for name, a := range in.MessageAttributes {
		out[name] = filter.Attribute{DataType: a.DataType, Value: a.StringValue}
	}
	return out
}

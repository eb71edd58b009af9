package topic

import (
	"fmt"
	"strings"
)

// sharePrefix begins the filters of shared subscriptions: $share/<name>/<filter>.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription
const sharePrefix = "$share/"

// maxShareName is in bytes
// (https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const maxShareName = 128

// Shared splits the filter of a shared subscription; of others ok is false.
func Shared(filter string) (name, rest string, ok bool) {
	after, ok := strings.CutPrefix(filter, sharePrefix)
	if !ok {
		return "", "", false
	}
	name, rest, _ = strings.Cut(after, "/")
	return name, rest, true
}

// checkShare tells what is wrong with a shared subscription. Its first two slashes
// do not count (AWS.md §1).
func checkShare(name, rest string) error {
	switch {
	case name == "" || strings.ContainsAny(name, "+#"):
		return fmt.Errorf("share name %q is empty or has a wildcard", name)
	case len(name) > maxShareName:
		return fmt.Errorf("share name of %d bytes; the limit is %d", len(name), maxShareName)
	case rest == "" || strings.HasPrefix(rest, "$"):
		return fmt.Errorf("topic filter %s%s/%s: $share wants a topic filter that is not reserved", sharePrefix, name, rest)
	}
	return CheckWildcards(rest)
}

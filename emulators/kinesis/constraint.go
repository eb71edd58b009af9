package kinesis

import (
	"regexp"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// constraint refuses a member's value as the service's own validation does, before
// it looks for the stream.
func constraint(member, value, must string) error {
	return wire.Errorf("ValidationException", 0, "1 validation error detected: Value '%.300s' at '%s' failed to satisfy constraint: Member must %s", value, member, must)
}

// hashKey is how a hash key is written, without sign or leading zeros.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
var hashKey = regexp.MustCompile(`^(?:0|([1-9]\d{0,38}))$`)

func checkHashKey(member, value string) error {
	if hashKey.MatchString(value) {
		return nil
	}
	return constraint(member, value, `satisfy regular expression pattern: 0|([1-9]\d{0,38})`)
}

func checkName(member, value string) error {
	if namePattern.MatchString(value) {
		return nil
	}
	return constraint(member, value, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length between 1 and 128")
}

// checkStart checks an ExclusiveStartShardId, if there is one.
func checkStart(shard string) error {
	if shard == "" {
		return nil
	}
	return checkName("exclusiveStartShardId", shard)
}

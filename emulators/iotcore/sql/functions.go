package sql

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// A function computes from its arguments. Wrong types and counts are Undefined.
type function func(c *scope, args []value) value

// functions are those that are implemented; a later one is one more row.
var functions map[string]function

func init() {
	functions = map[string]function{
		"regexp_matches": nil, "regexp_replace": nil, "regexp_substr": nil, // newRegexpCall
	}
	for _, table := range []map[string]function{messageFunctions, propertyFunctions, numberFunctions, stringFunctions, typeFunctions} {
		for name, f := range table {
			functions[name] = f
		}
	}
}

// awsFunctions are all names of the page Functions. Of those that are not there
// bitnot waits for somebody who has tried it: the page has bitnot(13) = 2, which is
// not the bitwise NOT that it describes.
var awsFunctions = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`abs accountid acos asin atan atan2 aws_lambda bitand bitor bitxor bitnot cast ceil chr clientid
		concat cos cosh decode encode endswith exp floor get get_dynamodb get_mqtt_property get_or_default get_registry_data
		get_secret get_thing_shadow get_user_properties indexof isnull isundefined length ln log lower lpad ltrim
		machinelearning_predict md2 md5 mod nanvl newuuid numbytes parse_time power principal rand regexp_matches
		regexp_replace regexp_substr remainder replace round rpad rtrim sha1 sha224 sha256 sha384 sha512 sign sin sinh
		sourceip sql_version sqrt startswith substring tan tanh time_to_epoch timestamp topic traceid transform trim trunc upper`) {
		names[name] = true
	}
	return names
}()

// newFunctions are those that the page Functions has as "Supported by SQL version
// 2016-03-23 and later".
var newFunctions = map[string]bool{
	"decode": true, "encode": true, "get_dynamodb": true, "get_or_default": true, "get_registry_data": true, "get_thing_shadow": true,
	"indexof": true, "isnull": true, "isundefined": true, "length": true, "numbytes": true, "parse_time": true, "sourceip": true,
	"time_to_epoch": true, "transform": true,
}

// messageFunctions tell about the message and its connection.
var messageFunctions = map[string]function{
	"topic": func(c *scope, args []value) value {
		switch len(args) {
		case 0:
			return ofString(c.message.topic())
		case 1:
			if n, ok := args[0].integer(); ok {
				return segment(c.message.topic(), n)
			}
		}
		return undefined
	},
	"timestamp": none(func(c *scope) value { return ofInt(c.message.Time.UnixMilli()) }),
	"clientid": none(func(c *scope) value {
		if !c.message.MQTT || c.message.ClientID == "" {
			return ofString("n/a")
		}
		return ofString(c.message.ClientID)
	}),
	"principal": none(func(c *scope) value { return known(c.message.Principal) }),
	"sourceip":  none(func(c *scope) value { return known(c.message.SourceIP) }),
	"accountid": none(func(c *scope) value { return known(c.message.Account) }),
	"sql_version": none(func(c *scope) value {
		if c.old {
			return ofString(Version2015)
		}
		return ofString(Version2016)
	}),
	"traceid": none(func(c *scope) value {
		if !c.message.MQTT {
			return undefined
		}
		return known(c.message.TraceID)
	}),
	"rand": none(func(c *scope) value {
		if c.message.UUID == nil {
			return undefined
		}
		return fromFloat(uniform(c.message.UUID()))
	}),
	"newuuid": none(func(c *scope) value {
		if c.message.UUID == nil {
			return undefined
		}
		return ofString(c.message.UUID())
	}),
}

// topic is without the prefix of Basic Ingest: "the initial prefix of the topic
// ($aws/rules/rule-name) is not available to the topic() function".
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-function-topic
func (m *Message) topic() string {
	if rest, ok := strings.CutPrefix(m.Topic, "$aws/rules/"); ok {
		_, rest, _ = strings.Cut(rest, "/")
		return rest
	}
	return m.Topic
}

// segment is the level of a topic, counted from 1.
func segment(topic string, n int64) value {
	for ; n >= 1; n-- {
		level, rest, more := strings.Cut(topic, "/")
		if n == 1 {
			return ofString(level)
		}
		if !more {
			break
		}
		topic = rest
	}
	return undefined
}

// uniform makes a number in [0, 1) out of a text: the same of the same.
func uniform(text string) float64 {
	sum := sha256.Sum256([]byte(text))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// none is a function without arguments.
func none(f func(*scope) value) function {
	return func(c *scope, args []value) value {
		if len(args) != 0 {
			return undefined
		}
		return f(c)
	}
}

func known(s string) value {
	if s == "" {
		return undefined
	}
	return ofString(s)
}

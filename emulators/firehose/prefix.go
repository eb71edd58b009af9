package firehose

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// maxPrefix bounds an evaluated prefix, in characters.
const maxPrefix = 512

// defaultTime is appended to a prefix that has no timestamp.
const defaultTime = "!{timestamp:yyyy/MM/dd/HH/}"

// prefix is a text with expressions.
type prefix []prefixPart

// prefixPart writes a part of a prefix for an instant.
type prefixPart func(time.Time) string

// expressions are what a text has.
type expressions struct{ timestamp, errorType, any bool }

// errorType is what failed records have in their prefix.
const errorType = "!{firehose:error-output-type}"

// parsePrefixes reads Prefix and ErrorOutputPrefix, by the rules of
// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules
func parsePrefixes(given, failed *string) (prefix, prefix, error) {
	p, has, err := parsePrefix("Prefix", aws.ToString(given))
	if err != nil {
		return nil, nil, err
	}
	if has.errorType {
		return nil, nil, invalid("Prefix cannot contain !{firehose:error-output-type}.")
	}
	if aws.ToString(failed) == "" && has.any {
		return nil, nil, invalid("ErrorOutputPrefix can't be null when Prefix contains expressions.")
	}
	if !has.timestamp {
		appended, _, err := parsePrefix("Prefix", defaultTime)
		if err != nil {
			return nil, nil, err
		}
		p = append(p, appended...)
	}
	if n := len(p.at(time.Now())); n > maxPrefix {
		return nil, nil, invalid("Prefix has %d characters, more than %d.", n, maxPrefix)
	}
	e, err := parseErrorPrefix(aws.ToString(given), aws.ToString(failed))
	return p, e, err
}

// parseErrorPrefix reads ErrorOutputPrefix; by default it is the other prefix, and to
// one without expressions the kind of error and the time are appended, as to that.
func parseErrorPrefix(given, text string) (prefix, error) {
	if text == "" {
		text = given
	}
	e, has, err := parsePrefix("ErrorOutputPrefix", text)
	if err == nil && !has.any {
		e, has, err = parsePrefix("ErrorOutputPrefix", text+errorType+"/"+defaultTime)
	}
	switch {
	case err != nil:
		return nil, err
	case !has.errorType:
		return nil, invalid("ErrorOutputPrefix with expressions must contain %s.", errorType)
	case len(e.at(time.Now())) > maxPrefix:
		return nil, invalid("ErrorOutputPrefix has more than %d characters.", maxPrefix)
	}
	return e, nil
}

// parsePrefix reads !{namespace:value}.
func parsePrefix(member, text string) (prefix, expressions, error) {
	var p prefix
	var has expressions
	for rest := text; rest != ""; {
		literal, after, found := strings.Cut(rest, "!{")
		p = append(p, func(time.Time) string { return literal })
		if !found {
			break
		}
		inner, after, found := strings.Cut(after, "}")
		namespace, value, colon := strings.Cut(inner, ":")
		if !found || !colon {
			return nil, has, invalid("%s: !{ begins !{namespace:value}, not %.50q.", member, inner)
		}
		part, err := expression(member, namespace, value, &has)
		if err != nil {
			return nil, has, err
		}
		has.any = true
		p, rest = append(p, part), after
	}
	return p, has, nil
}

func expression(member, namespace, value string, has *expressions) (prefixPart, error) {
	switch {
	case namespace == "timestamp":
		has.timestamp = true
		return parseDate(value)
	case namespace == "firehose" && value == "random-string":
		return func(time.Time) string { return newRecordID()[:11] }, nil
	case namespace == "firehose" && value == "error-output-type":
		has.errorType = true
		return func(time.Time) string { return "processing-failed" }, nil
	case namespace == "partitionKeyFromQuery", namespace == "partitionKeyFromLambda":
		return nil, unsupported(member, namespace)
	}
	return nil, invalid("%s: !{%.20s:%.50s} is not an expression.", member, namespace, value)
}

// at is the prefix of an instant.
func (p prefix) at(t time.Time) string {
	var b strings.Builder
	for _, part := range p {
		b.WriteString(part(t.UTC()))
	}
	return b.String()
}

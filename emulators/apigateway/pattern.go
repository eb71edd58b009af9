package apigateway

import (
	"regexp"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const defaultKey = "$default"

// pattern is a parsed route key.
type pattern struct {
	catchAll bool // $default
	method   string
	segments []segment
}

// segment is one part of a path between slashes.
type segment struct {
	kind segmentKind
	text string // the literal, or the variable's name
}

type segmentKind int

// Kinds, the more specific first.
const (
	literal segmentKind = iota
	variable
	greedy
)

var (
	methods         = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
	variablePattern = regexp.MustCompile(`^\{([a-zA-Z0-9._:-]+)(\+?)\}$`)
)

// parseKey reads "$default" or "METHOD /path/{variable}/{rest+}".
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func parseKey(key string) (pattern, error) {
	if key == defaultKey {
		return pattern{catchAll: true}, nil
	}
	method, path, ok := strings.Cut(key, " ")
	if !ok || !slices.Contains(methods, method) || !strings.HasPrefix(path, "/") {
		return pattern{}, invalidKey(key, "must be $default or a method and a path, as in GET /devices/{deviceId}")
	}
	p := pattern{method: method}
	seen := map[string]bool{}
	parts := strings.Split(path[1:], "/")
	for i, part := range parts {
		m := variablePattern.FindStringSubmatch(part)
		switch {
		case m == nil && strings.ContainsAny(part, "{} \t?#"):
			return pattern{}, invalidKey(key, "has a segment that is neither literal nor {variable}")
		case m == nil && part == "" && len(parts) > 1 && i < len(parts)-1:
			return pattern{}, invalidKey(key, "has an empty segment")
		case m == nil:
			p.segments = append(p.segments, segment{kind: literal, text: part})
			continue
		case seen[m[1]]:
			return pattern{}, invalidKey(key, "has the variable "+m[1]+" twice")
		case m[2] == "+" && i != len(parts)-1:
			return pattern{}, invalidKey(key, "has a greedy variable that is not at its end")
		}
		seen[m[1]] = true
		kind := variable
		if m[2] == "+" {
			kind = greedy
		}
		p.segments = append(p.segments, segment{kind: kind, text: m[1]})
	}
	return p, nil
}

func invalidKey(key, why string) error {
	return wire.Errorf(codeInvalid, 0, "The provided route key is not formatted properly for HTTP protocol: %q %s", key, why)
}

// same tells whether two keys are one route: names of variables do not count.
func (p pattern) same(q pattern) bool {
	return p.catchAll == q.catchAll && p.method == q.method && slices.EqualFunc(p.segments, q.segments, func(a, b segment) bool {
		return a.kind == b.kind && (a.kind != literal || a.text == b.text)
	})
}

// match compares a request and returns the values of the variables. segments
// are decoded; "/" is one empty segment.
func (p pattern) match(method string, segments []string) (map[string]string, bool) {
	if p.catchAll {
		return nil, true
	}
	if p.method != "ANY" && p.method != method {
		return nil, false
	}
	values := map[string]string{}
	for i, s := range p.segments {
		if i >= len(segments) {
			return nil, false
		}
		switch {
		case s.kind == greedy:
			rest := strings.Join(segments[i:], "/")
			values[s.text] = rest
			return values, rest != ""
		case s.kind == variable && segments[i] != "":
			values[s.text] = segments[i]
		case s.kind == literal && segments[i] == s.text:
		default:
			return nil, false
		}
	}
	return values, len(p.segments) == len(segments)
}

// isGreedy tells whether the last segment takes the rest of a path.
func (p pattern) isGreedy() bool {
	last := len(p.segments) - 1
	return last >= 0 && p.segments[last].kind == greedy
}

// moreSpecific orders two patterns that match the same request: a full match comes before
// one with a greedy variable.
func (p pattern) moreSpecific(q pattern) bool {
	if p.catchAll || q.catchAll {
		return q.catchAll && !p.catchAll
	}
	if p.isGreedy() != q.isGreedy() {
		return q.isGreedy()
	}
	for i := range min(len(p.segments), len(q.segments)) {
		if a, b := p.segments[i].kind, q.segments[i].kind; a != b {
			return a < b
		}
	}
	return p.method != "ANY" && q.method == "ANY"
}

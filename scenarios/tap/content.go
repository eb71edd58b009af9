package tap

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// content is the body of a call, taken apart once for all who watch it: every
// message makes calls.
type content struct {
	text  []byte
	names []string
	parts []gjson.Result
}

// contentOf takes a body apart; one that is not a JSON object has no members.
func contentOf(body []byte) content {
	c := content{text: body}
	if len(body) == 0 || body[0] != '{' {
		return c
	}
	c.names, c.parts = make([]string, 0, 8), make([]gjson.Result, 0, 8)
	gjson.Parse(wire.TextOf(body)).ForEach(func(name, value gjson.Result) bool {
		c.names, c.parts = append(c.names, name.Str), append(c.parts, value)
		return true
	})
	return c
}

// get finds a member, or by a path what is inside of one.
func (c content) get(path string) gjson.Result {
	name, rest, inside := strings.Cut(path, ".")
	for i, n := range c.names {
		if n != name {
			continue
		}
		if inside {
			return c.parts[i].Get(rest)
		}
		return c.parts[i]
	}
	return gjson.Result{}
}

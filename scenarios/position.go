package scenarios

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// keyPath is the key that an error of Validate begins with: fleet[0].ramp.shape.
var keyPath = regexp.MustCompile(`^([a-z_]+(?:\[\d+\])?(?:\.[a-zA-Z0-9_-]+(?:\[\d+\])?)*): `)

// maxTold bounds the errors that are told of one file.
const maxTold = 50

// positioned puts line and column before each error about a key of the text. A
// key that is not there, because its default is at fault, has the position of the
// nearest one around it.
func positioned(text []byte, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	file, parsing := parser.ParseBytes(text, 0)
	if parsing != nil {
		return err
	}
	var all []error
	for i, e := range joined.Unwrap() {
		if i == maxTold {
			return errors.Join(append(all, fmt.Errorf("and %d more", len(joined.Unwrap())-i))...)
		}
		if at, ok := position(file, e.Error()); ok {
			e = fmt.Errorf("%s %w", at, e)
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// position is where the key that a message begins with stands: [line:column].
func position(file *ast.File, message string) (string, bool) {
	found := keyPath.FindStringSubmatch(message)
	if found == nil {
		return "", false
	}
	for key := found[1]; key != ""; {
		if path, err := yaml.PathString("$." + key); err == nil {
			if node, err := path.FilterFile(file); err == nil && node.GetToken() != nil {
				p := node.GetToken().Position
				return fmt.Sprintf("[%d:%d]", p.Line, p.Column), true
			}
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return "", false
}

package scenarios

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/shakedown-iot/shakedown/scenarios/expect"
)

// maxExpectations bounds the expectations of a scenario.
const maxExpectations = 1000

// checkExpect parses the expectations; where words the place of a column of one.
func (s *Scenario) checkExpect(where func(i, column int) string) error {
	if n := len(s.Expect); n > maxExpectations {
		return fmt.Errorf("expect: %d expectations are more than %d", n, maxExpectations)
	}
	var errs []error
	for i, text := range s.Expect {
		_, err := expect.Parse(text)
		var bad *expect.Error
		if errors.As(err, &bad) {
			errs = append(errs, fmt.Errorf("%s expect[%d]: %s", where(i, bad.Column), i, bad.Text))
		}
	}
	return errors.Join(errs...)
}

// byIndex places an error where there is no file.
func byIndex(_, column int) string { return fmt.Sprintf("[column %d]", column) }

// place finds columns of expectations in the scenario's YAML, as line and column.
func place(text []byte) func(i, column int) string {
	return func(i, column int) string {
		file, err := parser.ParseBytes(text, 0)
		if err != nil {
			return byIndex(i, column)
		}
		path, err := yaml.PathString(fmt.Sprintf("$.expect[%d]", i))
		if err != nil {
			return byIndex(i, column)
		}
		node, err := path.FilterFile(file)
		if err != nil || node == nil {
			return byIndex(i, column)
		}
		position := node.GetToken().Position
		line, first := position.Line, position.Column
		switch n := node.(type) {
		case *ast.LiteralNode: // a block: its words may be on any of its lines
			return fmt.Sprintf("[%d:%d]", line, first)
		case *ast.StringNode:
			if strings.ContainsAny(n.Token.Origin, `"'`) {
				first++ // within the quotes
			}
		}
		return fmt.Sprintf("[%d:%d]", line, first+column-1)
	}
}

// expect evaluates the expectations; one that is not met is a failure.
func (r *run) expect() {
	for _, text := range r.Scenario.Expect {
		e, err := expect.Parse(text)
		if err != nil { // a scenario that was not validated
			r.result.Failures = append(r.result.Failures, fmt.Sprintf("expected %s: %v", text, err))
			continue
		}
		r.result.Expectations = append(r.result.Expectations, e.Evaluate(r.result))
	}
	for _, e := range r.result.Expectations {
		if !e.Passed {
			r.result.Failures = append(r.result.Failures, "expected "+e.String())
		}
	}
}

package dynamodb

import (
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
)

// placeholders writes the parts of a PartiQL statement as expressions, each name
// and value as a placeholder.
type placeholders struct {
	names  map[string]string
	values attribute.Values
	known  map[string]string // the placeholder of a name
}

func (p *placeholders) name(name string) string {
	if key, ok := p.known[name]; ok {
		return key
	}
	if p.names == nil {
		p.names, p.known = map[string]string{}, map[string]string{}
	}
	key := fmt.Sprint("#n", len(p.names))
	p.names[key], p.known[name] = name, key
	return key
}

func (p *placeholders) path(path attribute.Path) string {
	var out strings.Builder
	for i, step := range path {
		switch {
		case step.IsIndex():
			fmt.Fprintf(&out, "[%d]", step.Index)
			continue
		case i > 0:
			out.WriteByte('.')
		}
		out.WriteString(p.name(step.Name))
	}
	return out.String()
}

func (p *placeholders) value(v attribute.Value) string {
	if p.values == nil {
		p.values = attribute.Values{}
	}
	key := fmt.Sprint(":v", len(p.values))
	p.values[key] = v
	return key
}

func (p *placeholders) operand(o partiql.Operand) string {
	switch {
	case o.IsValue():
		return p.value(o.Value)
	case o.Path != nil:
		return p.path(o.Path)
	case o.Call == "+" || o.Call == "-":
		return p.operand(o.Args[0]) + " " + o.Call + " " + p.operand(o.Args[1])
	}
	return o.Call + "(" + p.operands(o.Args, ", ") + ")"
}

func (p *placeholders) operands(all []partiql.Operand, between string) string {
	texts := make([]string, len(all))
	for i, o := range all {
		texts[i] = p.operand(o)
	}
	return strings.Join(texts, between)
}

func (p *placeholders) condition(c *partiql.Condition) string {
	switch c.Operator {
	case "AND", "OR":
		return p.joined(c.Operator, c.Parts)
	case "NOT":
		return "NOT " + p.part(c.Parts[0])
	case "BETWEEN":
		return p.operand(c.Args[0]) + " BETWEEN " + p.operands(c.Args[1:], " AND ")
	case "IN":
		return p.operand(c.Args[0]) + " IN (" + p.operands(c.Args[1:], ", ") + ")"
	case "=", "<>", "<", "<=", ">", ">=":
		return p.operands(c.Args, " "+c.Operator+" ")
	}
	return c.Operator + "(" + p.operands(c.Args, ", ") + ")"
}

func (p *placeholders) joined(operator string, parts []*partiql.Condition) string {
	if len(parts) == 1 {
		return p.condition(parts[0])
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = p.part(part)
	}
	return strings.Join(texts, " "+operator+" ")
}

// part is a condition within another.
func (p *placeholders) part(c *partiql.Condition) string {
	if c.Operator == "AND" || c.Operator == "OR" {
		return "(" + p.condition(c) + ")"
	}
	return p.condition(c)
}

// update writes what UPDATE does as an update expression.
func (p *placeholders) update(st *partiql.Statement) (string, error) {
	clauses := map[string][]string{}
	for _, set := range st.Sets {
		verb := map[string]string{"set_add": "ADD", "set_delete": "DELETE"}[set.Value.Call]
		if verb == "" {
			clauses["SET"] = append(clauses["SET"], p.path(set.Path)+" = "+p.operand(set.Value))
			continue
		}
		from, what := set.Value.Args[0], set.Value.Args[1]
		if !from.Path.Equal(set.Path) || !what.IsValue() {
			return "", invalid("The operands of %s must be the path that is set, and a value", set.Value.Call)
		}
		clauses[verb] = append(clauses[verb], p.path(set.Path)+" "+p.operand(what))
	}
	for _, path := range st.Removes {
		clauses["REMOVE"] = append(clauses["REMOVE"], p.path(path))
	}
	var text []string
	for _, verb := range []string{"SET", "REMOVE", "ADD", "DELETE"} {
		if clauses[verb] != nil {
			text = append(text, verb+" "+strings.Join(clauses[verb], ", "))
		}
	}
	return strings.Join(text, " "), nil
}

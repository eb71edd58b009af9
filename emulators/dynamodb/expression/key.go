package expression

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// KeyTerm is a condition on one key attribute: its operator is =, <, <=, >, >=,
// BETWEEN (two values) or begins_with.
type KeyTerm struct {
	Name     string
	Operator string
	Values   []attribute.Value
}

// KeyTerms takes a key condition apart into one or two terms.
func (c *Condition) KeyTerms() ([]KeyTerm, error) {
	terms, err := keyTerms(c.root, nil)
	if err == nil && len(terms) > 2 {
		err = refuse("Conditions can be of length 1 or 2 only")
	}
	return terms, err
}

// keyTerms takes a condition apart into one or two terms.
func keyTerms(n *node, terms []KeyTerm) ([]KeyTerm, error) {
	switch n.operator {
	case "AND":
		for _, part := range n.parts {
			var err error
			if terms, err = keyTerms(part, terms); err != nil {
				return nil, err
			}
		}
		return terms, nil
	case "OR", "NOT", "<>", "IN", "attribute_exists", "attribute_not_exists", "attribute_type", "contains":
		return nil, refuse("Invalid operator used in KeyConditionExpression: %s", n.operator)
	}
	args := n.args
	if n.operator == "begins_with" {
		args = n.args[0].args
	}
	term, err := keyTerm(n.operator, args)
	if err != nil {
		return nil, err
	}
	for _, other := range terms {
		if other.Name == term.Name {
			return nil, refuse("KeyConditionExpressions must only contain one condition per key")
		}
	}
	return append(terms, term), nil
}

// flipped are the comparisons with their operands the other way round.
var flipped = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func keyTerm(operator string, args []operand) (KeyTerm, error) {
	t := KeyTerm{Operator: operator}
	if _, either := flipped[operator]; !either && args[0].kind == operandValue {
		return t, refuse("Invalid condition in KeyConditionExpression: %s operator must have the key attribute as its first operand", operator)
	}
	for i, arg := range args {
		switch {
		case arg.kind == operandCall:
			return t, refuse("KeyConditionExpressions cannot contain nested operations")
		case arg.kind == operandValue:
			t.Values = append(t.Values, arg.value)
		case t.Name != "":
			return t, refuse("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		case len(arg.path) > 1:
			return t, refuse("KeyConditionExpressions cannot have conditions on nested attributes")
		default:
			t.Name = arg.path[0].Name
			if i > 0 {
				t.Operator = flipped[operator]
			}
		}
	}
	if t.Name == "" {
		return t, refuse("Invalid condition in KeyConditionExpression: No key attribute specified")
	}
	return t, nil
}

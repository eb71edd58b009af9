package expression

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// KeyTerm is a condition on one key attribute: its operator is =, <, <=, >, >=,
// BETWEEN (two values) or begins_with.
type KeyTerm struct {
	Name     string
	Operator string
	Values   []attribute.Value
}

// keyTerms takes a condition apart into one or two terms.
func keyTerms(n *node, terms []KeyTerm) ([]KeyTerm, error) {
	const k = KeyConditionKind
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
		return nil, k.invalid("Invalid operator used in KeyConditionExpression: %s", n.operator)
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
			return nil, k.invalid("KeyConditionExpressions must only contain one condition per key")
		}
	}
	return append(terms, term), nil
}

func keyTerm(operator string, args []operand) (KeyTerm, error) {
	const k = KeyConditionKind
	paths := 0
	for _, arg := range args {
		switch {
		case arg.kind == operandCall:
			return KeyTerm{}, k.invalid("KeyConditionExpressions cannot contain nested operations")
		case arg.kind == operandPath && len(arg.path) > 1:
			return KeyTerm{}, k.invalid("KeyConditionExpressions cannot have conditions on nested attributes")
		case arg.kind == operandPath:
			paths++
		}
	}
	switch {
	case paths == 0:
		return KeyTerm{}, k.invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
	case paths > 1:
		return KeyTerm{}, k.invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
	case args[0].kind != operandPath:
		return KeyTerm{}, k.invalid("Invalid condition in KeyConditionExpression: %s operator must have the key attribute as its first operand", operator)
	}
	t := KeyTerm{Name: args[0].path[0].Name, Operator: operator}
	for _, arg := range args[1:] {
		t.Values = append(t.Values, arg.value)
	}
	return t, nil
}

package policy

// Comparison compares a value of a request with one of a policy, whose variables have the
// values of known.
type Comparison func(known map[string]string, value string) bool

// Compare makes the comparison of an operator of conditions, such as StringLike, with a
// value of a policy in another language than IAM's, where variables are those that
// requests have, by their names as they are spelled. not is that the operator holds where
// no value compares.
func Compare(operator, want string, variables bool) (compare Comparison, not bool, err error) {
	op, ok := operators[operator]
	if !ok {
		return nil, false, unimplemented("the operator " + operator + " is")
	}
	match, err := op.matcher(want, grammar{variables: variables, spelled: true})
	return Comparison(match), op.not, err
}

// ConditionValues reads texts, and booleans as texts; there may be none.
func ConditionValues(raw []byte) ([]string, error) {
	if items, err := List(raw); err == nil && len(items) == 0 {
		return nil, nil
	}
	return conditionValues(raw)
}

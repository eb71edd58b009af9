package filter

import "fmt"

// AWS's constraints on a policy; see the package comment.
const (
	maxKeys         = 5
	maxCombinations = 150
	maxPoints       = 100
)

func (c clause) constrain() error {
	if n := c.leaves(); n > maxKeys {
		return fmt.Errorf("filter policy can not have more than %d keys, not %d", maxKeys, n)
	}
	if n := c.combinations(1); n > maxCombinations {
		return fmt.Errorf("filter policy is too complex: %d combinations of values, more than %d", n, maxCombinations)
	}
	if n := c.points(); n > maxPoints {
		return fmt.Errorf("filter policy is too complex: %d points of wildcards, more than %d", n, maxPoints)
	}
	return nil
}

// leaves counts the keys with conditions.
func (c clause) leaves() int {
	n := 0
	for _, k := range c.keys {
		if k.nested != nil {
			n += k.nested.leaves()
		} else {
			n++
		}
	}
	for _, alternatives := range c.anyOf {
		for _, a := range alternatives {
			n += a.leaves()
		}
	}
	return n
}

// combinations is the product over the keys of conditions times level, where
// alternatives add up.
func (c clause) combinations(level int) int {
	product := 1
	for _, k := range c.keys {
		if k.nested != nil {
			product *= k.nested.combinations(level + 1)
		} else {
			product *= len(k.conditions) * level
		}
		product = min(product, maxCombinations+1) // enough to be too many
	}
	for _, alternatives := range c.anyOf {
		sum := 0
		for _, a := range alternatives {
			sum += a.combinations(level)
		}
		product = min(product*sum, maxCombinations+1)
	}
	return product
}

// points adds up (sum of the patterns' points) × (number of patterns) of the fields
// with wildcards.
func (c clause) points() int {
	total := 0
	for _, k := range c.keys {
		if k.nested != nil {
			total += k.nested.points()
			continue
		}
		sum := 0
		for _, condition := range k.conditions {
			sum += condition.points
		}
		total += sum * len(k.conditions)
	}
	for _, alternatives := range c.anyOf {
		for _, a := range alternatives {
			total += a.points()
		}
	}
	return total
}

package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// maxNumber bounds the numbers of a policy; they have five digits behind the point.
const maxNumber = 1e9

func inRange(n float64) error {
	if math.Abs(n) > maxNumber {
		return fmt.Errorf("the number %v is not between -10^9 and 10^9", n)
	}
	return nil
}

var comparisons = map[string]func(a, b float64) bool{
	"=":  func(a, b float64) bool { return a == b },
	"<":  func(a, b float64) bool { return a < b },
	"<=": func(a, b float64) bool { return a <= b },
	">":  func(a, b float64) bool { return a > b },
	">=": func(a, b float64) bool { return a >= b },
}

// numeric reads ["=", n], or one bound, or a lower and then an upper bound.
// https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
func numeric(item json.RawMessage) (condition, error) {
	var parts []any
	if err := json.Unmarshal(item, &parts); err != nil || len(parts) != 2 && len(parts) != 4 {
		return condition{}, errors.New(`it takes an array such as ["=", 1] or [">", 0, "<=", 100]`)
	}
	type bound struct {
		holds func(a, b float64) bool
		n     float64
	}
	var bounds []bound
	var names []string
	for i := 0; i < len(parts); i += 2 {
		name, _ := parts[i].(string)
		n, ok := parts[i+1].(float64)
		if comparisons[name] == nil || !ok {
			return condition{}, fmt.Errorf("%v %v is not a comparison with a number", parts[i], parts[i+1])
		}
		if err := inRange(n); err != nil {
			return condition{}, err
		}
		names = append(names, name)
		bounds = append(bounds, bound{comparisons[name], n})
	}
	if len(bounds) == 2 && (names[0][0] != '>' || names[1][0] != '<' || bounds[0].n >= bounds[1].n) {
		return condition{}, errors.New("a range is a lower bound and then a larger upper bound")
	}
	return condition{match: func(value any) bool {
		n, ok := value.(float64)
		for _, b := range bounds {
			ok = ok && b.holds(n, b.n)
		}
		return ok
	}}, nil
}

package expect

import "github.com/shakedown-iot/shakedown/reports"

// Evaluate compares: the result says what was measured and whether it is what was
// expected. It does not change r.
func (e *Expectation) Evaluate(r *reports.Result) reports.Expectation {
	out := reports.Expectation{Text: e.text}
	left, why := e.left.read(r)
	right, other := e.right.read(r)
	switch {
	case why != "" || other != "":
		out.Measured = "nothing: " + why + other
		return out
	case e.left.measure != nil && e.right.measure != nil:
		out.Measured = left.String() + " and " + right.String()
	case e.left.measure != nil:
		out.Measured = left.String()
	default:
		out.Measured = right.String()
	}
	out.Passed = operators[e.operator](left.Value, right.Value)
	return out
}

func (s side) read(r *reports.Result) (Quantity, string) {
	if s.measure == nil {
		return s.quantity, ""
	}
	v, why := s.measure.read(r, s.arguments)
	return Quantity{s.measure.unit, v}, why
}

package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// cast converts between types; one that cannot be ends the query, of TRY_CAST it
// is null.
func (s *scope) cast(n *sql.Node) (expr, error) {
	inner, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	to, ok := value.Castable[n.Text]
	if !ok {
		return expr{}, n.At.Fail("a cast to %s is not implemented by Shakedown", n.Text)
	}
	if !value.CastsTo(inner.kind, to) {
		return expr{}, n.At.Fail("Cannot cast %s to %s", inner.kind, to)
	}
	return expr{to, func(e *env) value.Value {
		v, err := value.Convert(inner.eval(e), to)
		if err != nil {
			if !n.Flag {
				e.run.fail(n.At, err)
			}
			return value.NullOf(to)
		}
		return v
	}, inner.constant}, nil
}

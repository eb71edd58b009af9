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
	to, err := kindOf(n.Type)
	if err != nil {
		return expr{}, err
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
		if n.Type.Length > 0 {
			v.S = firstCharacters(v.S, n.Type.Length)
		}
		return v
	}, inner.constant}, nil
}

// kindOf is the kind that a written type means.
func kindOf(t *sql.Type) (value.Kind, error) {
	var fields []value.Field
	for _, f := range t.Fields {
		k, err := kindOf(f.Type)
		if err != nil {
			return k, err
		}
		if f.Type.Length > 0 {
			return k, t.At.Fail("a cast to %s is not implemented by Shakedown", t)
		}
		fields = append(fields, value.Field{Name: f.Name, Kind: k})
	}
	switch k, ok := value.Castable[t.Name]; {
	case ok:
		return k, nil
	case t.Name == "ARRAY" && len(fields) == 1 && fields[0].Kind.Nestable():
		return fields[0].Kind.Array(), nil
	case t.Name == "ROW":
		if row, ok := value.RowOf(fields...); ok {
			return row, nil
		}
	}
	return value.Unknown, t.At.Fail("a cast to %s is not implemented by Shakedown", t)
}

// firstCharacters are at most n characters of a text.
func firstCharacters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

package timestream

import (
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

func itoa(i int) string { return strconv.Itoa(i) }

func (s *scope) array(n *sql.Node) (expr, error) {
	var items []expr
	constant := true
	of := value.Unknown
	for _, a := range n.Args {
		e, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		var ok bool
		if of, ok = value.Common(of, e.kind); !ok || !of.Nestable() {
			return expr{}, a.At.Fail("an array has no element of type %s beside %s", e.kind, of)
		}
		constant = constant && e.constant
		items = append(items, e)
	}
	return expr{of.Array(), func(e *env) value.Value {
		values := make([]value.Value, len(items))
		held := 0
		for i, item := range items {
			values[i] = item.eval(e).As(of)
			held += e.run.holdLarge(values[i])
			if e.run.err != nil {
				break
			}
		}
		e.run.hold(-held)
		return value.OfArray(of, values)
	}, constant}, nil
}

var errSubscript = invalid("Array subscript is out of bounds")

// element is array[i], from 1; beyond the array it is an error.
func (s *scope) element(n *sql.Node) (expr, error) {
	a, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	i, err := s.compile(n.Args[1])
	if err != nil {
		return expr{}, err
	}
	if !a.kind.IsArray() || !value.IsInteger(i.kind) {
		return expr{}, n.At.Fail("'[]' cannot be applied to %s, %s", a.kind, i.kind)
	}
	of := a.kind.Of()
	return expr{of, func(e *env) value.Value {
		list, at := a.eval(e), i.eval(e)
		if list.Null || at.Null {
			return value.NullOf(of)
		}
		if at.I < 1 || at.I > int64(len(list.List.Items)) {
			e.run.fail(n.At, errSubscript)
			return value.NullOf(of)
		}
		return list.List.Items[at.I-1]
	}, a.constant && i.constant}, nil
}

// row is ROW(…) or (…, …). Its fields have no names until it is cast.
func (s *scope) row(n *sql.Node) (expr, error) {
	items, constant, err := s.arguments(n)
	if err != nil {
		return expr{}, err
	}
	fields := make([]value.Field, len(items))
	for i, item := range items {
		fields[i].Kind = item.kind
	}
	of, ok := value.RowOf(fields...)
	if !ok {
		return expr{}, n.At.Fail("the row is too deep or too large")
	}
	return expr{of, func(e *env) value.Value {
		values := make([]value.Value, len(items))
		held := 0
		for i, item := range items {
			values[i] = item.eval(e)
			held += e.run.holdLarge(values[i])
			if e.run.err != nil {
				break
			}
		}
		e.run.hold(-held)
		return value.OfRow(of, values...)
	}, constant}, nil
}

// field is row.name.
func (s *scope) field(n *sql.Node) (expr, error) {
	of, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	return fieldOf(of, n)
}

func fieldOf(of expr, n *sql.Node) (expr, error) {
	i, k, ok := of.kind.Field(n.Text)
	if !ok {
		return expr{}, n.At.Fail("%s has no field '%s'", of.kind, n.Text)
	}
	return expr{k, func(e *env) value.Value {
		v := of.eval(e)
		if v.Null {
			return value.NullOf(k)
		}
		return v.List.Items[i]
	}, of.constant}, nil
}

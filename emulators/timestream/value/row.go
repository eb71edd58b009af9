package value

import "strings"

// Field is one of a row's, by its name; some have none.
type Field struct {
	Name string
	Kind Kind
}

// RowOf is the kind of a row of fields; false is that it is too deep or too large.
func RowOf(fields ...Field) (Kind, bool) {
	row := Unknown
	for i := len(fields) - 1; i >= 0; i-- {
		if len(fields[i].Name) > maxName {
			return Unknown, false
		}
		of, rest := fields[i].Kind.get(), row.get()
		s := shape{is: isRow, name: fields[i].Name, of: fields[i].Kind, rest: row, depth: of.depth + 1, size: of.size}
		if row != Unknown {
			s.depth, s.size = max(s.depth, rest.depth), s.size+rest.size
		}
		if s.depth > MaxNested || s.size > maxSize {
			return Unknown, false
		}
		row = made(s)
	}
	return row, len(fields) > 0
}

// DimensionRow is what SHOW MEASURES lists.
var DimensionRow, _ = RowOf(Field{"dimension_name", Varchar}, Field{"data_type", Varchar})

// OfRow is a row of a kind.
func OfRow(k Kind, fields ...Value) Value { return Value{Kind: k, List: &List{Items: fields}} }

func (k Kind) IsRow() bool { return k.get().is == isRow }

// Fields are a row's.
func (k Kind) Fields() []Field {
	var fields []Field
	for ; k.IsRow(); k = k.get().rest {
		s := k.get()
		fields = append(fields, Field{s.name, s.of})
	}
	return fields
}

// Field is the place and the kind of a row's field, by its name without its case.
func (k Kind) Field(name string) (int, Kind, bool) {
	for i, f := range k.Fields() {
		if f.Name != "" && strings.EqualFold(f.Name, name) {
			return i, f.Kind, true
		}
	}
	return 0, Unknown, false
}

func (k Kind) rowText() string {
	var fields []string
	for _, f := range k.Fields() {
		fields = append(fields, strings.TrimSpace(f.Name+" "+f.Kind.String()))
	}
	return "ROW(" + strings.Join(fields, ", ") + ")"
}

// together is the row that two rows of as many fields can have in common. A name
// stays where both have it.
func (k Kind) together(other Kind) (Kind, bool) {
	a, b := k.Fields(), other.Fields()
	if len(a) != len(b) {
		return Unknown, false
	}
	for i := range a {
		of, ok := Common(a[i].Kind, b[i].Kind)
		if !ok {
			return Unknown, false
		}
		if !strings.EqualFold(a[i].Name, b[i].Name) {
			a[i].Name = ""
		}
		a[i].Kind = of
	}
	return RowOf(a...)
}

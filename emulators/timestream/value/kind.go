package value

import (
	"strings"
	"unique"
)

// Kind is the type of a value. Two kinds are equal where they are the same type, down
// to the names of a row's fields.
type Kind struct{ shape unique.Handle[shape] }

// shape is a scalar, or what is made of other kinds.
type shape struct {
	is   constructor
	name string // of a scalar, or of a row's first field, which may have none
	of   Kind   // what an array or a time series is made of; a row's first field
	rest Kind   // a row of the other fields
	// depth is how many constructors are in each other, size how many scalars.
	depth, size int
}

type constructor int

const (
	isScalar constructor = iota
	isArray
	isSeries
	isRow
)

// Bounds of the kinds that a query can make.
const (
	MaxNested = 8    // in each other
	maxSize   = 2000 // scalars in one
	maxName   = 256  // bytes of a field's name: a kind is written with all of them
)

// The scalar kinds. Unknown is that of NULL.
var (
	Unknown   Kind
	Double    = scalar("DOUBLE")
	Bigint    = scalar("BIGINT")
	Varchar   = scalar("VARCHAR")
	Boolean   = scalar("BOOLEAN")
	Timestamp = scalar("TIMESTAMP")
	Interval  = scalar("INTERVAL_DAY_TO_SECOND")
	Integer   = scalar("INTEGER")
	Date      = scalar("DATE")
	TimeOfDay = scalar("TIME")
	Months    = scalar("INTERVAL_YEAR_TO_MONTH")
	Multi     = scalar("MULTI") // a series of multi-measure records, no kind of a value
)

func made(s shape) Kind { return Kind{unique.Make(s)} }

func scalar(name string) Kind { return made(shape{name: name, size: 1}) }

func (k Kind) get() shape {
	if k == Unknown {
		return shape{size: 1}
	}
	return k.shape.Value()
}

// Array and Series are made of the kind.
func (k Kind) Array() Kind  { return k.within(isArray) }
func (k Kind) Series() Kind { return k.within(isSeries) }

func (k Kind) within(c constructor) Kind {
	of := k.get()
	return made(shape{is: c, of: k, depth: of.depth + 1, size: of.size})
}

func (k Kind) IsArray() bool  { return k.get().is == isArray }
func (k Kind) IsSeries() bool { return k.get().is == isSeries }
func (k Kind) IsScalar() bool { return k.get().is == isScalar }

// Of is what an array or a time series is made of.
func (k Kind) Of() Kind { return k.get().of }

// Nestable tells whether an array can be made of the kind.
func (k Kind) Nestable() bool { return k.get().depth < MaxNested }

// String is the ScalarType of the query API.
func (k Kind) String() string {
	switch of := k.get(); {
	case k == Unknown:
		return "UNKNOWN"
	case of.is == isArray:
		return "ARRAY(" + of.of.String() + ")"
	case of.is == isSeries:
		return "TIMESERIES(" + of.of.String() + ")"
	case of.is == isRow:
		return k.rowText()
	default:
		return of.name
	}
}

// Name is what typeof and DESCRIBE answer.
func (k Kind) Name() string {
	return strings.ToLower(strings.ReplaceAll(k.String(), "_", " "))
}

// MeasureKinds are the types of measures.
var MeasureKinds = map[string]Kind{"DOUBLE": Double, "BIGINT": Bigint, "VARCHAR": Varchar, "BOOLEAN": Boolean, "TIMESTAMP": Timestamp}

// Castable are the types CAST knows.
var Castable = map[string]Kind{"DOUBLE": Double, "REAL": Double, "BIGINT": Bigint, "VARCHAR": Varchar, "BOOLEAN": Boolean, "TIMESTAMP": Timestamp,
	"INTEGER": Integer, "INT": Integer, "DATE": Date, "TIME": TimeOfDay}

// IsNumber and IsInteger tell the kinds that are computed with.
func IsNumber(k Kind) bool  { return k == Double || k == Bigint || k == Integer }
func IsInteger(k Kind) bool { return k == Bigint || k == Integer }

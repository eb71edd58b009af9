package timestream

import "strings"

// kind is the type of a value: a scalar in the low four bits, or there a
// constructor and above it the kind it is made of.
type kind uint64

const (
	unknown kind = iota
	double
	bigint
	varchar
	boolean
	timestamp
	interval // day to second
	integer
	date
	timeOfDay
	months       // interval year to month
	dimensionRow // row(dimension_name varchar, data_type varchar) of SHOW MEASURES
	multi        // a series of multi-measure records, no kind of a value

	arrayKind  kind = 14
	seriesKind kind = 15
)

var kindNames = [...]string{"UNKNOWN", "DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "TIMESTAMP", "INTERVAL_DAY_TO_SECOND",
	"INTEGER", "DATE", "TIME", "INTERVAL_YEAR_TO_MONTH", "ROW", "MULTI"}

// maxNested bounds arrays of arrays.
const maxNested = 8

func (k kind) array() kind    { return k<<4 | arrayKind }
func (k kind) series() kind   { return k<<4 | seriesKind }
func (k kind) isArray() bool  { return k&15 == arrayKind }
func (k kind) isSeries() bool { return k&15 == seriesKind }

// of is what an array or a time series is made of.
func (k kind) of() kind { return k >> 4 }

func (k kind) nested() int {
	n := 0
	for ; k > 15; k >>= 4 {
		n++
	}
	return n
}

// String is the ScalarType of the query API.
func (k kind) String() string {
	switch {
	case k.isArray():
		return "ARRAY(" + k.of().String() + ")"
	case k.isSeries():
		return "TIMESERIES(" + k.of().String() + ")"
	}
	return kindNames[k]
}

// name is what typeof and DESCRIBE answer.
func (k kind) name() string {
	return strings.ToLower(strings.ReplaceAll(k.String(), "_", " "))
}

// kinds are the types of measures.
var kinds = map[string]kind{"DOUBLE": double, "BIGINT": bigint, "VARCHAR": varchar, "BOOLEAN": boolean, "TIMESTAMP": timestamp}

// castable are the types CAST knows.
var castable = map[string]kind{"DOUBLE": double, "REAL": double, "BIGINT": bigint, "VARCHAR": varchar, "BOOLEAN": boolean, "TIMESTAMP": timestamp,
	"INTEGER": integer, "INT": integer, "DATE": date, "TIME": timeOfDay}

func isNumber(k kind) bool  { return k == double || k == bigint || k == integer }
func isInteger(k kind) bool { return k == bigint || k == integer }

// common is the kind that values of both kinds can have.
func common(a, b kind) (kind, bool) {
	switch {
	case a == b || b == unknown:
		return a, true
	case a == unknown:
		return b, true
	case isNumber(a) && isNumber(b):
		if a == double || b == double {
			return double, true
		}
		return bigint, true
	case a == date && b == timestamp || a == timestamp && b == date:
		return timestamp, true
	case a.isArray() && b.isArray():
		of, ok := common(a.of(), b.of())
		return of.array(), ok
	}
	return unknown, false
}

func comparable(a, b kind) bool {
	_, ok := common(a, b)
	return ok && a != dimensionRow && b != dimensionRow
}

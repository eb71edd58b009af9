package expect

import (
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
)

// measure is something that a run's result tells.
type measure struct {
	name       string
	unit       Unit
	about      string
	parameters []parameter
	needed     int // parameters that cannot be left out
	// read is its value; why says that there is none.
	read func(r *reports.Result, arguments []string) (value float64, why string)
}

// parameter is what may stand in a measure's parentheses: words, each with what it
// means in a result.
type parameter struct{ values map[string]string }

// String lists the words.
func (p parameter) String() string {
	words := make([]string, 0, len(p.values))
	for word := range p.values {
		words = append(words, word)
	}
	sort.Strings(words)
	return strings.Join(words, ", ")
}

// Measure describes a measure for people.
type Measure struct {
	// Usage is its name with what may stand in parentheses.
	Usage string
	Unit  Unit
	About string
}

// Measures lists what can be measured, by name.
func Measures() []Measure {
	var list []Measure
	for _, name := range sortedNames() {
		m := catalogue[name]
		usage := m.name
		if len(m.parameters) > 0 {
			usage += "(…)"
		}
		list = append(list, Measure{usage, m.unit, m.about})
	}
	return list
}

func sortedNames() []string {
	list := make([]string, 0, len(catalogue))
	for name := range catalogue {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

func names() string { return strings.Join(sortedNames(), ", ") }

// at is the i-th argument; empty where there is none.
func at(arguments []string, i int) string {
	if i < len(arguments) {
		return arguments[i]
	}
	return ""
}

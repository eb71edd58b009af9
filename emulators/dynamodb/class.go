package dynamodb

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Classes of tables, which differ in price alone: the class is kept and described.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.TableClasses.html
const (
	standard         = "STANDARD"
	infrequentAccess = "STANDARD_INFREQUENT_ACCESS"
)

// TableClassSummary is the class of a table for which one was named.
type TableClassSummary struct {
	TableClass         string
	LastUpdateDateTime *wire.Time `json:",omitempty"`
}

// class is of a table; empty is the standard one.
type class struct {
	name    string
	changed time.Time // zero: since the table was made
}

func checkClass(name string) error {
	if name != "" && name != standard && name != infrequentAccess {
		return invalid("Invalid table-class parameter provided. Please try again with a valid table-class value: [%s, %s].", standard, infrequentAccess)
	}
	return nil
}

func (c class) describe() *TableClassSummary {
	if c.name == "" {
		return nil
	}
	s := &TableClassSummary{TableClass: c.name}
	if !c.changed.IsZero() {
		at := wire.At(c.changed)
		s.LastUpdateDateTime = &at
	}
	return s
}

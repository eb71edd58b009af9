package dynamodb

import (
	"fmt"
	"strings"
)

// maxViolations is how many constraints an error lists.
const maxViolations = 10

// violations are the constraints of its shape that a request breaks. The service
// looks for all of them before anything else and lists them in no fixed order.
type violations []string

const (
	notNull     = "Member must not be null"
	notEmpty    = "Member must have length greater than or equal to 1"
	namePattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
)

// add notes a constraint; the value is printed as given: quoted, or null.
func (v *violations) add(value, member, rule string) {
	if len(*v) < maxViolations {
		*v = append(*v, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, member, rule))
	}
}

// err is nil when nothing is broken.
func (v violations) err() error {
	switch len(v) {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: %s", v[0])
	}
	return invalid("%d validation errors detected: %s", len(v), strings.Join(v, "; "))
}

// constraint is the error of one member that breaks a rule of its shape.
func constraint(value, member, rule string) error {
	var v violations
	v.add(value, member, rule)
	return v.err()
}

// required notes a member that is not given.
func (v *violations) required(given bool, member string) {
	if !given {
		v.add("null", member, notNull)
	}
}

// enum checks one of some words; empty is not given.
func (v *violations) enum(value, member string, allowed ...string) {
	for _, a := range allowed {
		if value == a || value == "" {
			return
		}
	}
	v.add("'"+value+"'", member, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

// oneOf is enum for a member alone.
func oneOf(value, member string, allowed ...string) error {
	var v violations
	v.enum(value, member, allowed...)
	return v.err()
}

// atLeast checks a number, if it is given.
func (v *violations) atLeast(n *int, least int, member string) {
	if n != nil && *n < least {
		v.add(fmt.Sprintf("'%d'", *n), member, fmt.Sprintf("Member must have value greater than or equal to %d", least))
	}
}

func (v *violations) atMost(n *int, most int, member string) {
	if n != nil && *n > most {
		v.add(fmt.Sprintf("'%d'", *n), member, fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

// name checks the name of a table or an index that is given. An ARN is not a name: the
// service looks for its table.
func (v *violations) name(name, member string) {
	if strings.HasPrefix(name, "arn:") {
		return
	}
	if !plainName(name) {
		v.add("'"+name+"'", member, namePattern)
	}
	if len(name) < 3 {
		v.add("'"+name+"'", member, "Member must have length greater than or equal to 3")
	}
	if len(name) > 255 {
		v.add("'"+name+"'", member, "Member must have length less than or equal to 255")
	}
}

// table checks the TableName of a call on items.
func (v *violations) table(name string) {
	if v.required(name != "", "tableName"); name != "" {
		v.name(name, "tableName")
	}
}

// returns checks the members that ask for figures about the call.
func (v *violations) returns(capacity, collections string) {
	v.enum(capacity, "returnConsumedCapacity", "INDEXES", "TOTAL", "NONE")
	v.enum(collections, "returnItemCollectionMetrics", "SIZE", "NONE")
}

// write checks what a write of one item may be asked to answer.
func (v *violations) write(values, failing, capacity, collections string) {
	v.enum(values, "returnValues", "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	v.returns(capacity, collections)
	v.failing(failing, "")
}

// failing checks what is wanted of a condition that fails, of a request or of a part of it
// at some place.
func (v *violations) failing(value, at string) {
	v.enum(value, at+"returnValuesOnConditionCheckFailure", "ALL_OLD", "NONE")
}

// within100 checks the limit of a page, 100 unless given.
func (v *violations) within100(n *int) int {
	v.atLeast(n, 1, "limit")
	v.atMost(n, 100, "limit")
	if n == nil {
		return 100
	}
	return *n
}

func plainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-') {
			return false
		}
	}
	return name != ""
}

// checkTable checks the TableName of a call on a table itself: its length comes
// before all else.
func checkTable(name string) error {
	switch {
	case name == "":
		return invalid("The parameter 'TableName' is required but was not present in the request")
	case !strings.HasPrefix(name, "arn:") && (len(name) < 3 || len(name) > 255):
		return invalid("TableName must be at least 3 characters long and at most 255 characters long")
	}
	return nil
}

// checkTableOnly is checkTable for a call whose other members need no check.
func checkTableOnly(name string) error {
	if err := checkTable(name); err != nil {
		return err
	}
	var v violations
	v.name(name, "tableName")
	return v.err()
}

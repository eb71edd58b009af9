package sql

import "fmt"

// maxTransformed is of the Array, in bytes of JSON: "The array returned by this
// function is limited to 128 KiB."
const maxTransformed = 128 << 10

// transform('enrichArray', object, array) adds the object's members to each of an
// Array of Objects. A member that is in both has the object's value: AWS does not
// say.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-transform
func transform(c *scope, args []value) value {
	if len(args) != 3 || args[0].kind != stringKind || args[0].s != "enrichArray" || args[1].kind != objectKind || args[2].kind != arrayKind {
		return undefined
	}
	added := args[1].jsonSize()
	size := 2
	for _, item := range args[2].items() {
		if item.kind != objectKind {
			return undefined
		}
		if size += item.jsonSize() + added; size > 2*maxTransformed {
			break // as members in both count twice, the exact size comes below
		}
	}
	if size > 2*maxTransformed {
		return tooLong(c)
	}
	items := make([]value, len(args[2].items()))
	for i, item := range args[2].items() {
		o := newObject(len(item.o.fields) + len(args[1].o.fields))
		o.merge(item.o)
		o.merge(args[1].o)
		items[i] = ofObject(o)
	}
	result := ofArray(items)
	if result.jsonSize() > maxTransformed {
		return tooLong(c)
	}
	return result
}

func tooLong(c *scope) value {
	c.fail(fmt.Errorf("transform: the array is longer than %d bytes", maxTransformed))
	return undefined
}

// jsonSize is the length as JSON, counted up to somewhat more than maxOutput.
func (v value) jsonSize() int {
	w := writer{limit: maxOutput}
	w.value(v)
	return len(w.b)
}

package attribute

import "strings"

// Pack gives the strings, numbers and binaries at the top of an item one text of their
// own: what is stored keeps no request alive, and is one thing to the garbage collector.
// Nobody else may have the item.
func (i Item) Pack() {
	size := 0
	for _, v := range i {
		size += len(v.text)
	}
	var all strings.Builder
	all.Grow(size) // so that what has been written stays where it is
	for name, v := range i {
		if v.text != "" {
			all.WriteString(v.text)
			v.text = all.String()[all.Len()-len(v.text):]
			i[name] = v
		}
	}
}

package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sinks is a table: expected, stored, lost, and every other fate that occurred.
func (t *text) sinks(r *Result) {
	rows := [][4]string{{"sink", "expected", "stored", "lost"}}
	for _, s := range r.Sinks {
		rows = append(rows, [4]string{Clean(s.Name), count(s.Expected), count(s.Fates["stored"]), count(s.Fates["lost"])})
	}
	var width [4]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for i, row := range rows {
		other := "other fates"
		if i > 0 {
			other = otherFates(r.Sinks[i-1])
		}
		prefix := fmt.Sprintf("  %-*s  %*s  %*s  %*s  ", width[0], row[0], width[1], row[1], width[2], row[2], width[3], row[3])
		t.paragraph(prefix, other)
	}
}

// otherFates lists what is neither stored nor lost, in order.
func otherFates(s Sink) string {
	var list []string
	for _, fate := range s.Order {
		if n := s.Fates[fate]; n > 0 && fate != "stored" && fate != "lost" {
			list = append(list, count(n)+" "+fate)
		}
	}
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ", ")
}

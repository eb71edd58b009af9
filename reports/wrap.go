package reports

import (
	"strings"
	"unicode/utf8"
)

// columns is the width of a text report.
const columns = 80

// wrap breaks text at spaces into lines of at most width characters; a longer
// word stands alone on its line. There is at least one line.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n > width {
			lines = append(lines, line)
			line, length = "", 0
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+n
	}
	return append(lines, line)
}

// paragraph writes text behind a prefix, wrapped, with later lines under the
// text. Control characters are cleaned away.
func (t *text) paragraph(prefix, body string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	for i, line := range wrap(Clean(body), columns-len(indent)) {
		if i > 0 {
			prefix = indent
		}
		t.line("%s", strings.TrimRight(prefix+line, " "))
	}
}

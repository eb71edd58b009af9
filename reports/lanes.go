package reports

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// maxLanes bounds the rows of names above a chart; a band without a name there
// still has its tooltip and its line in the table of faults.
const maxLanes = 6

// lane is one row of names; each begins where its band does, if there is room.
type lane []chip

type chip struct {
	from, to float64 // what the name takes of the width
	label    string
	guide    bool
}

// letter is the width of one letter in a chart about 1,100 pixels wide; where it is
// narrower, names are cut short by an ellipsis, not laid over each other.
const letter = 0.0075

// lanes lays the names of bands out so that none covers another.
func lanes(bands []band) string {
	bands = append([]band(nil), bands...)
	sort.SliceStable(bands, func(i, j int) bool { return bands[i].from < bands[j].from })
	var rows []lane
	for _, b := range bands {
		need := min(letter*float64(utf8.RuneCountInString(b.label)+2), 1)
		from, to := b.span()
		c := chip{from: max(min(from, 1-need), 0), label: b.label, guide: b.from == b.to}
		c.to = max(c.from+need, to)
		rows = place(rows, c)
	}
	var out strings.Builder
	out.WriteString(`<div class="lanes">`)
	for _, row := range rows {
		out.WriteString(`<div class="lane">`)
		for i, c := range row {
			room := 1 - c.from
			if i+1 < len(row) {
				room = row[i+1].from - c.from
			}
			class := "chip"
			if c.guide {
				class = "chip plain"
			}
			fmt.Fprintf(&out, `<span class="%s" style="left:%s%%;max-width:%s%%" title="%s">%s</span>`,
				class, percent(c.from), percent(room), esc(c.label), esc(c.label))
		}
		out.WriteString(`</div>`)
	}
	out.WriteString(`</div>`)
	return out.String()
}

// place puts a name into the first row that has room.
func place(rows []lane, c chip) []lane {
	for i, row := range rows {
		if row[len(row)-1].to <= c.from {
			rows[i] = append(row, c)
			return rows
		}
	}
	if len(rows) < maxLanes {
		rows = append(rows, lane{c})
	}
	return rows
}

// guideLabels are the names of vertical lines, as bands without a width.
func guideLabels(guides []tickMark) []band {
	var list []band
	for _, g := range guides {
		list = append(list, band{g.at, g.at, g.label})
	}
	return list
}

package emulators

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// statement is a row, a bullet or a paragraph of AWS.md.
type statement struct {
	section string
	words   []string
	covered []bool
	end     []bool // after the word a clause ends
}

// A statement begins at a line that is a row, a bullet, or follows an empty line.
var (
	beginsStatement = regexp.MustCompile(`^(\||- )`)
	noStatement     = regexp.MustCompile(`^[A-Z].*:$|^(\|[-|]+\||\| Item \| Value|\| disconnectReason \|)`)
	endsClause      = regexp.MustCompile("(;|[^.]\\.)[`*\\])]*$")
)

// readStatements reads what AWS.md says under its numbered headings.
func readStatements(text string) (all []*statement) {
	section, open := "", false
	for _, line := range strings.Split(text, "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section, _, _ = strings.Cut(title, ".")
			open = false
			continue
		}
		if strings.TrimSpace(line) == "" || noStatement.MatchString(line) {
			open = false
			continue
		}
		if section == "" {
			continue
		}
		if !open || beginsStatement.MatchString(line) {
			all, open = append(all, &statement{section: section}), true
		}
		all[len(all)-1].add(line)
	}
	return all
}

func (s *statement) add(line string) {
	for _, cell := range strings.Split(strings.TrimPrefix(line, "- "), "|") {
		for _, field := range strings.Fields(cell) {
			for _, word := range wordsOf(field) {
				s.words = append(s.words, word)
				s.covered = append(s.covered, false)
				s.end = append(s.end, endsClause.MatchString(field))
			}
		}
	}
}

// cover marks the words of a claim, in the first statement that has them and where
// no other claim had them all.
func cover(all []*statement, c claim) error {
	first, last, _ := strings.Cut(c.text, " … ")
	said := false
	for _, s := range all {
		if s.section != c.section {
			continue
		}
		for from, to := s.find(0, first, last); from >= 0; from, to = s.find(from+1, first, last) {
			if slices.Contains(s.end[from:to-1], true) {
				return errors.New("is more than one claim")
			}
			if said = true; !slices.Contains(s.covered[from:to], false) {
				continue
			}
			for i := from; i < to; i++ {
				s.covered[i] = true
			}
			return nil
		}
	}
	if !said {
		return errors.New("is not in AWS.md")
	}
	return nil
}

// find is where, from a word on, there are first words and then last ones, which
// may be none; or -1.
func (s *statement) find(begin int, first, last string) (from, to int) {
	if from = index(s.words[begin:], wordsOf(first)); from < 0 {
		return -1, -1
	}
	from += begin
	to = from + len(wordsOf(first))
	i := index(s.words[to:], wordsOf(last))
	if i < 0 {
		return -1, -1
	}
	return from, to + i + len(wordsOf(last))
}

// uncovered are the runs of words that no claim has.
func (s *statement) uncovered() (runs []string) {
	for i, word := range s.words {
		switch {
		case s.covered[i] || word == "and":
		case i > 0 && !s.covered[i-1] && len(runs) > 0:
			runs[len(runs)-1] += " " + word
		default:
			runs = append(runs, word)
		}
	}
	return runs
}

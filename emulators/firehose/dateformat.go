package firehose

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// parseDate reads a pattern of Java's DateTimeFormatter: letters, 'text', two quotes for one,
// and what is neither stands for itself.
// https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
func parseDate(pattern string) (prefixPart, error) {
	var parts []prefixPart
	literal := func(text string) { parts = append(parts, func(time.Time) string { return text }) }
	for rest := pattern; rest != ""; {
		c := rest[0]
		switch {
		case c == '\'':
			text, after, closed := quoted(rest[1:])
			if !closed {
				return nil, invalid("The timestamp pattern %.100q has a quote that is not closed.", pattern)
			}
			literal(text)
			rest = after
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := len(rest) - len(strings.TrimLeft(rest, string(c)))
			part := dateLetters(c, n)
			if part == nil {
				return nil, unsupported("Prefix", "timestamp pattern "+rest[:n])
			}
			parts = append(parts, part)
			rest = rest[n:]
		default:
			_, n := utf8.DecodeRuneInString(rest)
			literal(rest[:n])
			rest = rest[n:]
		}
	}
	return func(t time.Time) string {
		var b strings.Builder
		for _, part := range parts {
			b.WriteString(part(t))
		}
		return b.String()
	}, nil
}

// quoted reads what follows a quote up to the one that closes it; two in it are one, and
// two alone are one too.
func quoted(rest string) (text, after string, closed bool) {
	text, after, closed = strings.Cut(rest, "'")
	for closed && strings.HasPrefix(after, "'") {
		var more string
		more, after, closed = strings.Cut(after[1:], "'")
		text += "'" + more
	}
	return cmp.Or(text, "'"), after, closed
}

// dateLetters is what n of a letter write; nil where that is not implemented.
func dateLetters(c byte, n int) prefixPart {
	number := func(of func(time.Time) int) prefixPart {
		return func(t time.Time) string { return fmt.Sprintf("%0*d", n, of(t)) }
	}
	named := func(layout string) prefixPart { return func(t time.Time) string { return t.Format(layout) } }
	switch {
	case c == 'y' && n == 2:
		return named("06")
	case c == 'y' && n <= 4:
		return number(time.Time.Year)
	case c == 'M' && n <= 2:
		return number(func(t time.Time) int { return int(t.Month()) })
	case c == 'M' && n == 3:
		return named("Jan")
	case c == 'M' && n == 4:
		return named("January")
	case c == 'd' && n <= 2:
		return number(time.Time.Day)
	case c == 'D' && n <= 3:
		return number(time.Time.YearDay)
	case c == 'H' && n <= 2:
		return number(time.Time.Hour)
	case c == 'h' && n <= 2:
		return number(func(t time.Time) int { return (t.Hour()+11)%12 + 1 })
	case c == 'm' && n <= 2:
		return number(time.Time.Minute)
	case c == 's' && n <= 2:
		return number(time.Time.Second)
	case c == 'S' && n <= 9:
		return func(t time.Time) string { return fmt.Sprintf("%09d", t.Nanosecond())[:n] }
	case c == 'a' && n == 1:
		return named("PM")
	case c == 'E' && n <= 3:
		return named("Mon")
	case c == 'E' && n == 4:
		return named("Monday")
	}
	return nil
}

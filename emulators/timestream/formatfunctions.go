package timestream

import (
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// formatFunctions are of the page "Date / time functions": formatting and parsing.
var formatFunctions = map[string][]signature{
	"from_iso8601_timestamp": {on(value.Timestamp, fromISO(value.Timestamp), value.Varchar)},
	"from_iso8601_date":      {on(value.Date, fromISO(value.Date), value.Varchar)},
	"to_iso8601": {
		on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return value.OfText(v[0].Text()), nil }, value.Date),
		on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
			return value.OfText(utc(v[0]).Format("2006-01-02T15:04:05.000000000Z07:00")), nil
		}, value.Timestamp)},
	"date_format":     {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return formatted(v, mysqlFields) }, value.Timestamp, value.Varchar)},
	"date_parse":      {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) { return parsed(v, mysqlFields) }, value.Varchar, value.Varchar)},
	"format_datetime": {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return formatted(v, jodaFields) }, value.Timestamp, value.Varchar)},
	"parse_datetime":  {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) { return parsed(v, jodaFields) }, value.Varchar, value.Varchar)},
}

func fromISO(k value.Kind) apply {
	forms := []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02"}
	if k == value.Date {
		forms = forms[4:]
	}
	return func(_ *env, v []value.Value) (value.Value, error) {
		for _, form := range forms {
			if t, err := time.Parse(form, v[0].S); err == nil {
				return value.TimeOf(t.UTC(), k)
			}
		}
		return value.Null, invalid("'%.100s' is not an ISO 8601 %s", v[0].S, sql.Lower(k.String()))
	}
}

// layout is a date format as package time has it, in pieces: a form, or text that
// stands for itself.
type layout []struct {
	text string
	form bool
}

func (l *layout) add(text string, form bool) {
	*l = append(*l, struct {
		text string
		form bool
	}{text, form})
}

// mysqlFields splits a format of date_format, such as %Y-%m-%d.
// https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
func mysqlFields(format string) (layout, error) {
	forms := map[byte]string{'a': "Mon", 'b': "Jan", 'c': "1", 'd': "02", 'e': "2", 'f': ".000000", 'H': "15", 'h': "03", 'I': "03", 'i': "04", 'j': "002",
		'k': "15", 'l': "3", 'M': "January", 'm': "01", 'p': "PM", 'r': "03:04:05 PM", 'S': "05", 's': "05", 'T': "15:04:05", 'W': "Monday", 'Y': "2006", 'y': "06"}
	var l layout
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			l.add(format[i:i+1], false)
			continue
		}
		if i++; i == len(format) {
			return nil, invalid("the format ends with %%")
		}
		if form, ok := forms[format[i]]; ok {
			l.add(form, true)
			continue
		}
		if strings.IndexByte("DUuVvwXx", format[i]) >= 0 {
			return nil, invalid("%%%c in a format is not implemented by Shakedown", format[i])
		}
		l.add(format[i:i+1], false)
	}
	return l, nil
}

// jodaFields splits a format of format_datetime, such as yyyy-MM-dd HH.
// https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
func jodaFields(format string) (layout, error) {
	forms := map[string]string{"y": "2006", "yy": "06", "yyyy": "2006", "u": "2006", "uuuu": "2006", "Y": "2006", "YYYY": "2006", "M": "1", "MM": "01", "MMM": "Jan", "MMMM": "January",
		"L": "1", "LL": "01", "d": "2", "dd": "02", "D": "__2", "DDD": "002", "E": "Mon", "EEE": "Mon", "EEEE": "Monday", "a": "PM", "H": "15", "HH": "15", "h": "3", "hh": "03",
		"m": "4", "mm": "04", "s": "5", "ss": "05", "S": ".0", "SS": ".00", "SSS": ".000", "SSSSSS": ".000000", "SSSSSSSSS": ".000000000", "z": "MST", "Z": "-0700", "ZZ": "-07:00"}
	var l layout
	for i := 0; i < len(format); {
		c := format[i]
		if c == '\'' {
			end := strings.IndexByte(format[i+1:], '\'')
			switch {
			case end < 0:
				return nil, invalid("the format's quote is not closed")
			case end == 0:
				l.add("'", false)
			}
			l.add(format[i+1:i+1+end], false)
			i += end + 2
			continue
		}
		n := 1
		for isLetter(c) && i+n < len(format) && format[i+n] == c {
			n++
		}
		field := format[i : i+n]
		i += n
		form, ok := forms[field]
		switch {
		case ok:
			l.add(form, true)
		case isLetter(c):
			return nil, invalid("%s in a format is not implemented by Shakedown", field)
		default:
			l.add(field, false)
		}
	}
	return l, nil
}

// formatted prints v[0] by the format v[1], piece by piece: text may look like a
// form of package time.
func formatted(v []value.Value, fields func(string) (layout, error)) (value.Value, error) {
	l, err := fields(v[1].S)
	if err != nil {
		return value.Null, err
	}
	var b strings.Builder
	for _, piece := range l {
		switch {
		case !piece.form:
			b.WriteString(piece.text)
		case piece.text[0] == '.':
			b.WriteString(utc(v[0]).Format(piece.text)[1:])
		case piece.text == "MST":
			b.WriteString("UTC")
		default:
			b.WriteString(utc(v[0]).Format(piece.text))
		}
	}
	return bounded(b.String())
}

// zones are the names of the United States' zones, of which the guide has one.
var zones = map[string]string{"UTC": "+0000", "GMT": "+0000", "PST": "-0800", "PDT": "-0700", "MST": "-0700", "MDT": "-0600", "CST": "-0600", "CDT": "-0500", "EST": "-0500", "EDT": "-0400"}

// parsed reads v[0] by the format v[1].
func parsed(v []value.Value, split func(string) (layout, error)) (value.Value, error) {
	l, err := split(v[1].S)
	if err != nil {
		return value.Null, err
	}
	bad := invalid("Invalid format: \"%.100s\" does not fit \"%.100s\"", v[0].S, v[1].S)
	rest := v[0].S
	var forms, fields strings.Builder
	for _, piece := range l {
		if !piece.form {
			if !strings.HasPrefix(rest, piece.text) {
				return value.Null, bad
			}
			rest = rest[len(piece.text):]
			continue
		}
		n := fieldLength(rest, piece.text)
		if n == 0 {
			return value.Null, bad
		}
		field, as := rest[:n], piece.text
		rest = rest[n:]
		if as == "MST" {
			if field = zones[field]; field == "" {
				return value.Null, bad
			}
			as = "-0700"
		}
		if as[0] == '.' {
			// package time reads a fraction only behind its point
			as, field = ".000000000", "."+(field + "000000000")[:9]
		}
		forms.WriteString("\x01" + as)
		fields.WriteString("\x01" + field)
	}
	form, read := withFraction(forms.String(), fields.String())
	t, err := time.Parse(form, read)
	if err != nil || rest != "" {
		return value.Null, bad
	}
	return value.TimeOf(t.UTC(), value.Timestamp)
}

// withFraction is for a fraction, which package time takes only behind seconds.
func withFraction(form, read string) (string, string) {
	return strings.Replace(form, "\x01.000000000", ".000000000", 1), strings.Replace(read, "\x01.", ".", 1)
}

// fieldLength is how much of the text a form reads: its letters or its digits.
func fieldLength(text, form string) int {
	widest := map[string]int{"2006": 4, "06": 2, "002": 3, "03:04:05 PM": 11, "15:04:05": 8, "-0700": 5, "-07:00": 6}[form]
	if widest > 2 && (form[0] == '-' || strings.ContainsRune(form, ':')) {
		return min(widest, len(text))
	}
	n := 0
	digits := form[0] == '.' || form[0] == '_' || isDigit(form[0])
	if digits && widest == 0 {
		widest = 2
		if form[0] == '.' {
			widest = 9
		}
	}
	for n < len(text) && (digits && n < widest && isDigit(text[n]) || !digits && (isLetter(text[n]) || text[n] == '_')) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|32 >= 'a' && c|32 <= 'z' }

package timestream

import (
	"regexp"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// replacement is what regexp_replace puts in the place of a match: texts and groups.
// As in Trino, $1 is a group, ${name} one by its name, and a backslash takes the meaning
// from the character behind it.
// https://docs.aws.amazon.com/timestream/latest/developerguide/regex-functions.html
type replacement []replacementPart

// replacementPart is a text, or a group where text is empty.
type replacementPart struct {
	text  string
	group int
}

func replacementOf(re *regexp.Regexp, with string) (replacement, error) {
	var out replacement
	var text strings.Builder
	for i := 0; i < len(with); i++ {
		switch c := with[i]; {
		case c == '\\' && i+1 < len(with):
			i++
			text.WriteByte(with[i])
			continue
		case c != '$' && c != '\\':
			text.WriteByte(c)
			continue
		}
		group, end := groupIn(re, with, i+1)
		switch {
		case end < 0:
			return nil, invalid("Illegal replacement sequence: %.100s", with)
		case group > re.NumSubexp():
			return nil, invalid("Pattern has %d groups. Cannot access group %d", re.NumSubexp(), group)
		case text.Len() > 0:
			out = append(out, replacementPart{text: text.String()})
			text.Reset()
		}
		out = append(out, replacementPart{group: group})
		i = end - 1
	}
	if text.Len() > 0 {
		out = append(out, replacementPart{text: text.String()})
	}
	return out, nil
}

// groupIn reads the group behind a $ and where it ends: a name in braces, or a number of
// as many digits as make one that there is. The end is -1 where there is no group.
func groupIn(re *regexp.Regexp, with string, at int) (group, end int) {
	if strings.HasPrefix(with[at:], "{") {
		name, _, ok := strings.Cut(with[at+1:], "}")
		if group = re.SubexpIndex(name); !ok || group < 0 {
			return 0, -1
		}
		return group, at + len(name) + 2
	}
	if at == len(with) || !isDigit(with[at]) {
		return 0, -1
	}
	group, end = int(with[at]-'0'), at+1
	for end < len(with) && isDigit(with[end]) && group*10+int(with[end]-'0') <= re.NumSubexp() {
		group = group*10 + int(with[end]-'0')
		end++
	}
	return group, end
}

// appendTo writes what stands for a match of a text; it stops when that is too long.
func (r replacement) appendTo(b *strings.Builder, text string, match []int) {
	for _, part := range r {
		if b.Len() > maxText {
			return
		}
		if b.WriteString(part.text); part.text == "" && match[2*part.group] >= 0 {
			b.WriteString(text[match[2*part.group]:match[2*part.group+1]])
		}
	}
}

// matches are all of a text with their groups, which are bounded together: a pattern of
// many groups may match between any two characters.
func matches(re *regexp.Regexp, text string) ([][]int, error) {
	most := maxArray / (re.NumSubexp() + 1)
	found := re.FindAllStringSubmatchIndex(text, most+1)
	if len(found) > most {
		return nil, errLongArray
	}
	return found, nil
}

func regexpReplace(e *env, text, by, with string) (value.Value, error) {
	re, err := pattern(e, by, text)
	if err != nil {
		return value.Null, err
	}
	r, err := replacementOf(re, with)
	if err != nil {
		return value.Null, err
	}
	all, err := matches(re, text)
	if err != nil {
		return value.Null, err
	}
	var b strings.Builder
	last := 0
	for _, match := range all {
		b.WriteString(text[last:match[0]])
		if r.appendTo(&b, text, match); b.Len() > maxText {
			return value.Null, errLong
		}
		last = match[1]
	}
	b.WriteString(text[last:])
	return bounded(b.String())
}

package timestream

import (
	"regexp"
	"strings"
)

// patternFunctions are of the page "Regular expression functions". Patterns are
// those of package regexp, which has no backtracking: a pattern with look-around or
// back-references is refused.
// https://docs.aws.amazon.com/timestream/latest/developerguide/regex-functions.html
var patternFunctions = map[string][]signature{
	"regexp_like": {on(boolean, func(e *env, v []value) (value, error) {
		re, err := pattern(e, v[1].s)
		if err != nil {
			return null, err
		}
		return ofBool(re.MatchString(v[0].s)), nil
	}, varchar, varchar)},
	"regexp_extract":     {on(varchar, extract, varchar, varchar), on(varchar, extract, varchar, varchar, bigint)},
	"regexp_extract_all": {on(varchar.array(), extractAll, varchar, varchar), on(varchar.array(), extractAll, varchar, varchar, bigint)},
	"regexp_replace": {
		on(varchar, func(e *env, v []value) (value, error) { return regexpReplace(e, v[0].s, v[1].s, "") }, varchar, varchar),
		on(varchar, func(e *env, v []value) (value, error) { return regexpReplace(e, v[0].s, v[1].s, v[2].s) }, varchar, varchar, varchar)},
	"regexp_split": {on(varchar.array(), func(e *env, v []value) (value, error) {
		re, err := pattern(e, v[1].s)
		if err != nil {
			return null, err
		}
		var items []value
		for _, s := range re.Split(v[0].s, -1) {
			items = append(items, ofText(s))
		}
		return arrayValue(varchar, items), nil
	}, varchar, varchar)},
}

func pattern(e *env, text string) (*regexp.Regexp, error) {
	if re, ok := e.run.patterns[text]; ok {
		return re, nil
	}
	if len(text) > 1000 {
		return nil, invalid("the pattern is longer than 1000 bytes")
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, invalid("the pattern %q is not implemented by Shakedown or wrong: %s", text, err)
	}
	if len(e.run.patterns) < 100 {
		e.run.patterns[text] = re
	}
	return re, nil
}

// groupOf is the number of the group that is asked for, 0 is the whole match.
func groupOf(re *regexp.Regexp, v []value) (int, error) {
	if len(v) < 3 {
		return 0, nil
	}
	if v[2].i < 0 || v[2].i > int64(re.NumSubexp()) {
		return 0, invalid("Pattern has %d groups. Cannot access group %d", re.NumSubexp(), v[2].i)
	}
	return int(v[2].i), nil
}

func extract(e *env, v []value) (value, error) {
	re, err := pattern(e, v[1].s)
	if err != nil {
		return null, err
	}
	group, err := groupOf(re, v)
	if err != nil {
		return null, err
	}
	at := re.FindStringSubmatchIndex(v[0].s)
	if at == nil || at[2*group] < 0 {
		return nullOf(varchar), nil
	}
	return ofText(v[0].s[at[2*group]:at[2*group+1]]), nil
}

func extractAll(e *env, v []value) (value, error) {
	re, err := pattern(e, v[1].s)
	if err != nil {
		return null, err
	}
	group, err := groupOf(re, v)
	if err != nil {
		return null, err
	}
	var items []value
	for _, match := range re.FindAllStringSubmatch(v[0].s, -1) {
		items = append(items, ofText(match[group]))
	}
	return arrayValue(varchar, items), nil
}

var dollarDigit = regexp.MustCompile(`\$(\d)`)

func regexpReplace(e *env, text, by, with string) (value, error) {
	re, err := pattern(e, by)
	if err != nil {
		return null, err
	}
	if (len(text)+1)*(len(with)+1) > maxText && len(re.FindAllStringIndex(text, -1))*len(with) > maxText {
		return null, errLong
	}
	if strings.Contains(with, "$") {
		with = dollarDigit.ReplaceAllString(with, "$${$1}")
	}
	return bounded(re.ReplaceAllString(text, with))
}

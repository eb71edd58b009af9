package timestream

import (
	"regexp"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// patternFunctions are of the page "Regular expression functions". Patterns are
// those of package regexp, which has no backtracking: a pattern with look-around or
// back-references is refused.
// https://docs.aws.amazon.com/timestream/latest/developerguide/regex-functions.html
var patternFunctions = map[string][]signature{
	"regexp_like": {on(value.Boolean, func(e *env, v []value.Value) (value.Value, error) {
		re, err := pattern(e, v[1].S)
		if err != nil {
			return value.Null, err
		}
		return value.OfBool(re.MatchString(v[0].S)), nil
	}, value.Varchar, value.Varchar)},
	"regexp_extract":     {on(value.Varchar, extract, value.Varchar, value.Varchar), on(value.Varchar, extract, value.Varchar, value.Varchar, value.Bigint)},
	"regexp_extract_all": {on(value.Varchar.Array(), extractAll, value.Varchar, value.Varchar), on(value.Varchar.Array(), extractAll, value.Varchar, value.Varchar, value.Bigint)},
	"regexp_replace": {
		on(value.Varchar, func(e *env, v []value.Value) (value.Value, error) { return regexpReplace(e, v[0].S, v[1].S, "") }, value.Varchar, value.Varchar),
		on(value.Varchar, func(e *env, v []value.Value) (value.Value, error) { return regexpReplace(e, v[0].S, v[1].S, v[2].S) }, value.Varchar, value.Varchar, value.Varchar)},
	"regexp_split": {on(value.Varchar.Array(), func(e *env, v []value.Value) (value.Value, error) {
		re, err := pattern(e, v[1].S)
		if err != nil {
			return value.Null, err
		}
		var items []value.Value
		for _, s := range re.Split(v[0].S, -1) {
			items = append(items, value.OfText(s))
		}
		return value.OfArray(value.Varchar, items), nil
	}, value.Varchar, value.Varchar)},
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
func groupOf(re *regexp.Regexp, v []value.Value) (int, error) {
	if len(v) < 3 {
		return 0, nil
	}
	if v[2].I < 0 || v[2].I > int64(re.NumSubexp()) {
		return 0, invalid("Pattern has %d groups. Cannot access group %d", re.NumSubexp(), v[2].I)
	}
	return int(v[2].I), nil
}

// patternOf is the pattern and the group of it that is asked for.
func patternOf(e *env, v []value.Value) (re *regexp.Regexp, group int, err error) {
	if re, err = pattern(e, v[1].S); err == nil {
		group, err = groupOf(re, v)
	}
	return re, group, err
}

func extract(e *env, v []value.Value) (value.Value, error) {
	re, group, err := patternOf(e, v)
	if err != nil {
		return value.Null, err
	}
	at := re.FindStringSubmatchIndex(v[0].S)
	if at == nil || at[2*group] < 0 {
		return value.NullOf(value.Varchar), nil
	}
	return value.OfText(v[0].S[at[2*group]:at[2*group+1]]), nil
}

func extractAll(e *env, v []value.Value) (value.Value, error) {
	re, group, err := patternOf(e, v)
	if err != nil {
		return value.Null, err
	}
	var items []value.Value
	for _, match := range re.FindAllStringSubmatch(v[0].S, -1) {
		items = append(items, value.OfText(match[group]))
	}
	return value.OfArray(value.Varchar, items), nil
}

var dollarDigit = regexp.MustCompile(`\$(\d)`)

func regexpReplace(e *env, text, by, with string) (value.Value, error) {
	re, err := pattern(e, by)
	if err != nil {
		return value.Null, err
	}
	if (len(text)+1)*(len(with)+1) > maxText && len(re.FindAllStringIndex(text, -1))*len(with) > maxText {
		return value.Null, errLong
	}
	if strings.Contains(with, "$") {
		with = dollarDigit.ReplaceAllString(with, "$${$1}")
	}
	return bounded(re.ReplaceAllString(text, with))
}

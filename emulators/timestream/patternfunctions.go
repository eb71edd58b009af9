package timestream

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// patternFunctions are of the page "Regular expression functions". Patterns are
// those of package regexp, which has no backtracking: a pattern with look-around or
// back-references is refused.
// https://docs.aws.amazon.com/timestream/latest/developerguide/regex-functions.html
var patternFunctions = map[string][]signature{
	"regexp_like": {on(value.Boolean, func(e *env, v []value.Value) (value.Value, error) {
		re, err := pattern(e, v[1].S, v[0].S)
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
		re, err := pattern(e, v[1].S, v[0].S)
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

// compiled is a regular expression with how many steps it takes for a character, at
// most.
type compiled struct {
	*regexp.Regexp
	steps int
}

// pattern compiles a pattern for a text, and counts the work that it is to match it.
func pattern(e *env, expression, text string) (*regexp.Regexp, error) {
	re, ok := e.run.patterns[expression]
	if !ok {
		var err error
		if re, err = compile(expression); err != nil {
			return nil, err
		}
		if len(e.run.patterns) < 100 {
			e.run.patterns[expression] = re
		}
	}
	if e.run.spend(len(text) * re.steps >> 8); e.run.err != nil {
		return nil, errEnded
	}
	return re.Regexp, nil
}

// errEnded is the error of a function whose run has ended, which has its own.
var errEnded = invalid("the query has ended")

func compile(expression string) (compiled, error) {
	if len(expression) > 1000 {
		return compiled{}, invalid("the pattern is longer than 1000 bytes")
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return compiled{}, invalid("the pattern %q is not implemented by Shakedown or wrong: %s", expression, err)
	}
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return compiled{}, err // not reachable: it has been compiled
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return compiled{}, err
	}
	return compiled{re, len(program.Inst)}, nil
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
	if re, err = pattern(e, v[1].S, v[0].S); err == nil {
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
	all, err := matches(re, v[0].S)
	if err != nil {
		return value.Null, err
	}
	var items []value.Value
	for _, match := range all {
		item := value.OfText("")
		if at := match[2*group:]; at[0] >= 0 {
			item.S = v[0].S[at[0]:at[1]]
		}
		items = append(items, item)
	}
	return value.OfArray(value.Varchar, items), nil
}

// replaceBy is regexp_replace(text, pattern, groups -> text).
func (s *scope) replaceBy(n *sql.Node) (expr, error) {
	if len(n.Args) != 3 {
		return expr{}, n.At.Fail("regexp_replace takes a text, a pattern and a lambda expression")
	}
	args := make([]expr, 2)
	for i := range args {
		var err error
		if args[i], err = s.compile(n.Args[i]); err != nil {
			return expr{}, err
		}
		if k := args[i].kind; k != value.Varchar && k != value.Unknown {
			return expr{}, unexpected(n, []value.Kind{args[0].kind, k})
		}
	}
	by, err := s.lambda(n.Args[2], value.Varchar.Array())
	if err != nil {
		return expr{}, err
	}
	if k := by.body.kind; k != value.Varchar && k != value.Unknown {
		return expr{}, n.Args[2].At.Fail("the lambda expression of regexp_replace must evaluate to a varchar: actual type %s", k)
	}
	return expr{kind: value.Varchar, eval: func(e *env) value.Value {
		text, re := args[0].eval(e), args[1].eval(e)
		if text.Null || re.Null {
			return value.NullOf(value.Varchar)
		}
		v, err := replacedBy(e, text.S, re.S, by)
		if err != nil {
			e.run.fail(n.At, err)
		}
		return v
	}}, nil
}

// replacedBy calls the lambda with each match's groups. As in Trino a null makes the
// whole text null.
func replacedBy(e *env, text, by string, with lambda) (value.Value, error) {
	re, err := pattern(e, by, text)
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
		var groups []value.Value
		for i := 2; i < len(match); i += 2 {
			group := value.NullOf(value.Varchar)
			if match[i] >= 0 {
				group = value.OfText(text[match[i]:match[i+1]])
			}
			groups = append(groups, group)
		}
		v := with.call(e, value.OfArray(value.Varchar, groups))
		if v.Null || !e.run.step() {
			return value.NullOf(value.Varchar), nil
		}
		b.WriteString(text[last:match[0]])
		if b.WriteString(v.S); b.Len() > maxText {
			return value.Null, errLong
		}
		last = match[1]
	}
	b.WriteString(text[last:])
	return bounded(b.String())
}

package operationtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/smithy-go"
)

// Fields has Check look at the members of the inputs too, whatever is in structures,
// lists and maps included. A member passes when a call of act's succeeded that had it,
// as an implemented operation does; or when a call that has it is refused with an error
// that names it. Calls of act's count for that, and else the member is added to an input
// that succeeded. What it is in has to pass first: the members of a structure that is
// refused are refused with it. A batch whose entries all failed has not succeeded.
//
// A member of an enumeration, or a list of them, that passes by success must be refused
// when it has a value that does not exist. Each call of act's is made so a moment before,
// and must not succeed.
//
// Those in except are passed over: they are written as the complaints write them, with
// the reason.
func Fields(except map[string]string) Option {
	return func(s *settings) { s.fields, s.except = true, except }
}

// fields looks at the members of the inputs of one client's implemented operations.
type fields struct {
	calls  []call
	client reflect.Value
	except map[string]string
	used   map[string]bool // of except
	wrong  []string
}

// check answers what is wrong, a line each.
func (f *fields) check(ctx context.Context) []string {
	inputs := map[string]reflect.Type{}
	for _, c := range f.calls {
		if c.err == nil {
			inputs[c.operation] = c.in.Type()
		}
	}
	f.used = map[string]bool{}
	for _, operation := range slices.Sorted(maps.Keys(inputs)) {
		f.below(ctx, operation, inputs[operation], nil, nil)
	}
	for _, name := range slices.Sorted(maps.Keys(f.except)) {
		switch {
		case !f.used[name]:
			f.wrong = append(f.wrong, name+" is passed over without need")
		case strings.TrimSpace(f.except[name]) == "":
			f.wrong = append(f.wrong, name+" is passed over without a reason")
		}
	}
	return f.wrong
}

// below looks at the members of a type that a path leads to; within are the types on the
// way, for those that hold themselves.
func (f *fields) below(ctx context.Context, operation string, t reflect.Type, at path, within []reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if slices.Contains(within, t) {
		return
	}
	for _, part := range membersOf(t) {
		p := at.with(part)
		if part == element || f.member(ctx, operation, p) {
			f.below(ctx, operation, step(t, part), p, append(slices.Clone(within), t))
		}
	}
}

// member looks at one member and tells whether it is acted on.
func (f *fields) member(ctx context.Context, operation string, p path) bool {
	full := operation + "." + p.String()
	var complaint string
	acted := slices.ContainsFunc(f.calls, func(c call) bool { return c.operation == operation && c.err == nil && holds(c.in, p) })
	refused := slices.ContainsFunc(f.calls, func(c call) bool { return c.operation == operation && holds(c.in, p) && names(c.err, p) })
	switch {
	case acted:
		complaint = f.acceptsUnknown(operation, p)
	case !refused:
		complaint = f.probe(ctx, operation, p)
	}
	if _, ok := f.except[full]; ok && complaint != "" {
		f.used[full] = true
	} else if complaint != "" {
		f.wrong = append(f.wrong, full+" "+complaint)
	}
	return acted
}

// probe adds the member to an input that succeeded, with each value of its enumeration
// if it has one.
func (f *fields) probe(ctx context.Context, operation string, p path) string {
	for n := 0; ; n++ {
		base, with, ok := f.input(operation, p, something(n))
		if !ok && n > 0 {
			return ""
		}
		if !ok {
			return "is in no call that succeeded, and no value for it is known"
		}
		if complaint := f.difference(ctx, operation, p, base, with); complaint != "" {
			return complaint
		}
	}
}

// difference wants an input refused that has a member more than one that succeeded.
func (f *fields) difference(ctx context.Context, operation string, p path, base, with reflect.Value) string {
	err := f.call(ctx, operation, with)
	switch {
	case err == nil:
		return "is in no call of the test's that succeeded, and is not refused"
	case !names(err, p):
		return fmt.Sprintf("is in no call that succeeded, and an error does not name it: %v", err)
	}
	if without := f.call(ctx, operation, base); without != nil && message(without) == message(err) {
		return fmt.Sprintf("is in no call that succeeded, and makes no difference to: %v", err)
	}
	return ""
}

// acceptsUnknown tells whether a call that succeeded would have with a value that does not
// exist.
func (f *fields) acceptsUnknown(operation string, p path) string {
	if slices.ContainsFunc(f.calls, func(c call) bool {
		return c.operation == operation && c.err == nil && slices.Contains(c.unknown, p.String())
	}) {
		return "may have a value that does not exist"
	}
	return ""
}

// unknown answers the members of enumerations that an input has, those of them that are
// not refused when they have a value that does not exist. It asks before the input's own
// call does what makes it refused the next time.
func (f *fields) unknown(ctx context.Context, operation string, in reflect.Value) []string {
	var accepted []string
	for _, p := range enumerations(in.Type(), nil, nil) {
		if !holds(in, p) {
			continue
		}
		with, ok := set(in, p, func(t reflect.Type) (reflect.Value, bool) {
			v := reflect.New(t).Elem()
			v.SetString("shakedown-unknown")
			return v, true
		})
		if ok && f.call(ctx, operation, with) == nil {
			accepted = append(accepted, strings.TrimSuffix(p.String(), element)) // a list of them is one member
		}
	}
	return accepted
}

// input finds the last input that succeeded and can have the member, and answers it as it
// was and with the value.
func (f *fields) input(operation string, p path, value func(reflect.Type) (reflect.Value, bool)) (base, with reflect.Value, ok bool) {
	for _, c := range slices.Backward(f.calls) {
		if c.operation != operation || c.err != nil {
			continue
		}
		if with, ok := set(c.in, p, value); ok {
			return c.in, with, true
		}
	}
	return base, with, false
}

func (f *fields) call(ctx context.Context, operation string, in reflect.Value) error {
	ctx, cancel := context.WithCancel(ctx) // which ends a stream of events, too
	defer cancel()
	pointer := reflect.New(in.Type())
	pointer.Elem().Set(in)
	return callMethod(ctx, f.client.MethodByName(operation), pointer)
}

// names tells whether an error of the service's names the member, as fields, wire names
// and headers are written: with whole words, so that "invalid" does not name Id.
func names(err error, p path) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	words, name := wordsOf(api.ErrorMessage()), letters(p.name())
	for i := range words {
		rest := name
		for _, word := range words[i:] {
			if rest, ok = strings.CutPrefix(rest, word); !ok {
				break
			}
			if rest == "" {
				return true
			}
		}
	}
	return false
}

// wordsOf splits a text where its letters and digits end and where a capital follows a
// small letter.
func wordsOf(s string) []string {
	var words []string
	for _, run := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		from := 0
		for i := 1; i < len(run); i++ {
			if 'a' <= run[i-1] && run[i-1] <= 'z' && 'A' <= run[i] && run[i] <= 'Z' {
				words, from = append(words, strings.ToLower(run[from:i])), i
			}
		}
		words = append(words, strings.ToLower(run[from:]))
	}
	return words
}

// message is the text of a service's error in letters.
func message(err error) string {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return ""
	}
	return letters(api.ErrorMessage())
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

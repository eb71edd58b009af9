package template

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// functions are the intrinsic functions, with what their arguments are.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#intrinsic-functions
var functions = map[string]struct {
	call  func(b *Body, args []any, parameters map[string]string) (any, error)
	takes string
}{
	"Fn::Join":      {join, "a delimiter and a list of strings"},
	"Fn::Select":    {choose, "an index and a list"},
	"Fn::Split":     {split, "a delimiter and a string"},
	"Fn::FindInMap": {find, "a mapping's name and two keys"},
	"Fn::Sub":       {substitute, "a string, or a list of a string and an object of strings"},
}

// checkValue finds references to nothing, functions that do not exist and what stands
// beside a function.
func (b *Body) checkValue(where string, v any) error {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if err := b.checkValue(where, item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := b.checkMember(where, key, v[key], len(v) == 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Body) checkMember(where, key string, item any, alone bool) error {
	switch {
	case isFunction(key) && !alone:
		return malformed("templateBody: %s: there is more beside %s, which stands alone", where, key)
	case key == "Ref":
		name, _ := item.(string)
		if _, ok := b.Parameters[name]; !ok && name != CertificateID {
			return malformed("templateBody: %s refers to %v, which is no parameter", where, item)
		}
	case strings.HasPrefix(key, "Fn::") && !isFunction(key):
		return malformed("templateBody: %s: there is no function %s", where, key)
	}
	return b.checkValue(where, item)
}

// isFunction tells whether a member's name makes its object a reference or function.
func isFunction(name string) bool {
	_, ok := functions[name]
	return ok || name == "Ref"
}

// resolve puts values in the place of references and functions.
func (b *Body) resolve(v any, parameters map[string]string) (any, error) {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			var err error
			if out[i], err = b.resolve(item, parameters); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		return b.resolveObject(v, parameters)
	}
	return v, nil
}

func (b *Body) resolveObject(object map[string]any, parameters map[string]string) (any, error) {
	if name, ok := object["Ref"].(string); ok {
		return b.Parameter(name, parameters)
	}
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		value, err := b.resolve(object[key], parameters)
		if err != nil {
			return nil, err
		}
		if f, ok := functions[key]; ok {
			args, list := value.([]any)
			if !list { // Fn::Sub takes a string alone
				args = []any{value}
			}
			if value, err = f.call(b, args, parameters); err == errArguments {
				err = malformed("%s takes %s", key, f.takes)
			}
			return value, err
		}
		out[key] = value
	}
	return out, nil
}

// Parameter is the value of a parameter, or its default.
func (b *Body) Parameter(name string, parameters map[string]string) (string, error) {
	if value, ok := parameters[name]; ok {
		return value, nil
	}
	if p := b.Parameters[name]; p.Default != nil {
		return *p.Default, nil
	}
	return "", malformed("the template's parameter %s has no value", name)
}

// errArguments is what a function answers to arguments that are not its own.
var errArguments = malformed("wrong arguments")

func join(_ *Body, args []any, _ map[string]string) (any, error) {
	if len(args) != 2 {
		return nil, errArguments
	}
	delimiter, ok := args[0].(string)
	list, isList := args[1].([]any)
	if !ok || !isList {
		return nil, errArguments
	}
	parts := make([]string, len(list))
	for i, item := range list {
		if parts[i], ok = item.(string); !ok {
			return nil, errArguments
		}
	}
	return strings.Join(parts, delimiter), nil
}

func choose(_ *Body, args []any, _ map[string]string) (any, error) {
	if len(args) != 2 {
		return nil, errArguments
	}
	list, ok := args[1].([]any)
	index, err := strconv.Atoi(fmt.Sprint(args[0])) // a number or a string
	if !ok || err != nil {
		return nil, errArguments
	}
	if index < 0 || index >= len(list) || list[index] == nil {
		return nil, malformed("Fn::Select: the list has no item %d", index)
	}
	return list[index], nil
}

func split(_ *Body, args []any, _ map[string]string) (any, error) {
	if len(args) != 2 {
		return nil, errArguments
	}
	delimiter, ok := args[0].(string)
	text, isText := args[1].(string)
	if !ok || !isText || delimiter == "" {
		return nil, errArguments
	}
	var out []any
	for part := range strings.SplitSeq(text, delimiter) {
		out = append(out, part)
	}
	return out, nil
}

func find(b *Body, args []any, _ map[string]string) (any, error) {
	keys := make([]string, len(args))
	for i, arg := range args {
		var ok bool
		if keys[i], ok = arg.(string); !ok {
			return nil, errArguments
		}
	}
	if len(keys) != 3 {
		return nil, errArguments
	}
	value, ok := b.Mappings[keys[0]][keys[1]][keys[2]]
	if !ok {
		return nil, malformed("Fn::FindInMap: Mappings has no %s", strings.Join(keys, "."))
	}
	return value, nil
}

// variable is a variable of Fn::Sub; one with ! is left as a literal without it.
var variable = regexp.MustCompile(`\$\{[^}]*\}`)

func substitute(b *Body, args []any, parameters map[string]string) (any, error) {
	if len(args) != 1 && len(args) != 2 {
		return nil, errArguments
	}
	text, ok := args[0].(string)
	own := map[string]any{}
	if len(args) == 2 && ok {
		own, ok = args[1].(map[string]any)
	}
	for _, value := range own {
		_, isText := value.(string)
		ok = ok && isText
	}
	if !ok {
		return nil, errArguments
	}
	var failed error
	out := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := found[2 : len(found)-1]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		if value, ok := own[name].(string); ok {
			return value
		}
		value, err := b.Parameter(name, parameters)
		if err != nil && failed == nil {
			failed = err
		}
		return value
	})
	return out, failed
}

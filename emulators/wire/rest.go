package wire

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// REST serves a service of the REST-JSON protocol. Members of a request struct
// are bound by tag: `path:"thingName"`, `query:"maxResults"` and
// `header:"X-Amz-Principal"` (strings, integers, booleans, and []string for
// query), `payload:"body"` for the raw body ([]byte); all others are the JSON
// body. Bound members carry `json:"-"`.
// See https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
type REST struct {
	Routes []Route
	// UnknownMember is the code for a member that is not implemented;
	// ValidationException when empty.
	UnknownMember string
	// UnknownOperation is the code for a path that is not implemented;
	// UnknownOperationException when empty.
	UnknownOperation string
	MaxBody          int64
	Log              *slog.Logger
}

// Route is one operation: a method, a path such as /things/{thingName} (each
// placeholder is one percent-encoded segment, or with a trailing + the rest of
// the path), literal query members such as ?attached, and what it calls.
type Route struct {
	Name   string
	Method string
	Path   string
	// Status is the HTTP status of success; 200 when zero.
	Status int
	// Op is what is called; the zero value refuses the operation by its Name.
	Op Operation
}

// Refused reads the routes of operations that are refused by name, one a line:
// the name, the method and the path.
func Refused(table string) []Route {
	var routes []Route
	for line := range strings.Lines(table) {
		if words := strings.Fields(line); len(words) == 3 {
			routes = append(routes, Route{Name: words[0], Method: words[1], Path: words[2]})
		} else if len(words) != 0 {
			panic("wire: not a name, a method and a path: " + line)
		}
	}
	return routes
}

// Raw is a response body that is not JSON.
type Raw struct {
	ContentType string
	Body        []byte
}

// ServeHTTP implements http.Handler.
func (s REST) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", NewRequestID())
	status, out, err := s.serve(r)
	if raw, ok := out.(*Raw); ok && err == nil {
		w.Header().Set("Content-Type", raw.ContentType)
		w.WriteHeader(status)
		w.Write(raw.Body)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case err != nil:
		writeJSONError(w, AsError(err), "")
	case status == http.StatusNoContent:
		w.WriteHeader(status)
	default:
		writeJSON(w, status, out)
	}
}

func (s REST) serve(r *http.Request) (int, any, error) {
	for _, route := range s.Routes {
		path, ok := route.match(r)
		if !ok {
			continue
		}
		out, err := s.call(route, path, r)
		if route.Status != 0 {
			return route.Status, out, err
		}
		return http.StatusOK, out, err
	}
	return 0, nil, NotImplemented(s.unknownOperation(), r.Method+" "+r.URL.EscapedPath())
}

func (s REST) unknownOperation() string {
	if s.UnknownOperation == "" {
		return "UnknownOperationException"
	}
	return s.UnknownOperation
}

func (s REST) call(route Route, path map[string]string, r *http.Request) (any, error) {
	if route.Op.refused() {
		return nil, NotImplemented(s.unknownOperation(), route.Name)
	}
	body, err := readBody(r, s.MaxBody)
	if err != nil {
		return nil, err
	}
	in := route.Op.newInput()
	raw, err := bind(reflect.ValueOf(in).Elem(), route, path, r, body, codeOr(s.UnknownMember))
	if err != nil {
		return nil, err
	}
	if !raw {
		if err := decodeJSON(body, in, route.Name, codeOr(s.UnknownMember)); err != nil {
			return nil, err
		}
	}
	return route.Op.run(r.Context(), s.Log, route.Name, in)
}

// match compares method and path and returns the placeholders.
func (route Route) match(r *http.Request) (map[string]string, bool) {
	if route.Method != r.Method {
		return nil, false
	}
	pattern, literal, _ := strings.Cut(route.Path, "?")
	if literal != "" && !hasQuery(r.URL.Query(), literal) {
		return nil, false
	}
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	got := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	path := map[string]string{}
	for i, w := range want {
		name, placeholder := strings.CutPrefix(w, "{")
		name, rest := strings.CutSuffix(strings.TrimSuffix(name, "}"), "+")
		if i >= len(got) || (!placeholder && got[i] != w) {
			return nil, false
		}
		if !placeholder {
			continue
		}
		segment := got[i]
		if rest {
			segment = strings.Join(got[i:], "/")
			got = append(got[:i:i], segment)
		}
		value, err := unescape(segment)
		if err != nil || value == "" {
			return nil, false
		}
		path[name] = value
	}
	return path, len(got) == len(want)
}

// hasQuery tells whether a query has a literal member: name or name=value.
func hasQuery(query url.Values, literal string) bool {
	name, value, valued := strings.Cut(literal, "=")
	return query.Has(name) && (!valued || query.Get(name) == value)
}

// bind fills the tagged members; it reports whether one took the raw body.
func bind(v reflect.Value, route Route, path map[string]string, r *http.Request, body []byte, code string) (bool, error) {
	query := Parameters(r)
	_, literal, _ := strings.Cut(route.Path, "?")
	literal, _, _ = strings.Cut(literal, "=")
	query.Del(literal)
	raw := false
	for i := range v.NumField() {
		f := v.Type().Field(i)
		field := v.Field(i)
		switch {
		case f.Tag.Get("path") != "":
			field.SetString(path[f.Tag.Get("path")])
		case f.Tag.Get("query") != "":
			name := f.Tag.Get("query")
			if err := setText(field, query[name]); err != nil {
				return false, Errorf(code, 0, "%s: query member %s: %s", route.Name, name, err)
			}
			query.Del(name)
		case f.Tag.Get("header") != "":
			name := f.Tag.Get("header")
			values, ok := takeHeader(r, query, http.CanonicalHeaderKey(name))
			if !ok {
				return false, Errorf(code, 0, "%s: header %s and the query member of its name differ", route.Name, name)
			}
			if err := setText(field, values); err != nil {
				return false, Errorf(code, 0, "%s: header %s: %s", route.Name, name, err)
			}
		case f.Tag.Get("payload") != "":
			field.SetBytes(body)
			raw = true
		}
	}
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	sort.Strings(names)
	if len(names) > 0 {
		return false, Unsupported(code, route.Name, names[0])
	}
	return raw, nil
}

// setText sets a member from its text values; none leaves it as it is.
func setText(field reflect.Value, values []string) error {
	if len(values) == 0 {
		return nil
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(values[0])
	case reflect.Slice:
		field.Set(reflect.ValueOf(values))
	case reflect.Bool:
		b, err := strconv.ParseBool(values[0])
		if err != nil {
			return fmt.Errorf("%q is not a boolean", values[0])
		}
		field.SetBool(b)
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(values[0], 10, field.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not an integer", values[0])
		}
		field.SetInt(n)
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return setText(field.Elem(), values)
	}
	return nil
}

package wire

import (
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// Query serves a service of the AWS query protocol: a form with Action and
// Version, answered in XML. Request structs name their members by field name
// (or a `query:"Name"` tag); lists are Name.member.N, maps Name.entry.N.key and
// Name.entry.N.value, bytes are in base64. See https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
type Query struct {
	// Namespace is the XML namespace, as in http://sns.amazonaws.com/doc/2010-03-31/.
	Namespace  string
	Version    string
	Operations map[string]Operation
	// UnknownMember is the code for a parameter that is not implemented;
	// InvalidParameter when empty.
	UnknownMember string
	// Codes are the codes of errors that are called otherwise in this protocol.
	Codes map[string]string
	// Flat are the names of lists and maps that are flattened, which are all then; nil for
	// none. See https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#xmlflattened-trait
	Flat func(operation, member string) Flat
	// Path is the parameter that a path longer than / is, where the form has none.
	Path string
	// Unversioned lets a request name no version.
	Unversioned bool
	// Tagged has answers rendered by their json tags, for a service that speaks other
	// protocols too; else by their xml tags.
	Tagged  bool
	MaxBody int64
	Log     *slog.Logger
}

// Flat is a flattened list or map: what each element is called, and the key of a map, whose
// value is called Value.
type Flat struct{ Element, Key string }

// IsQuery tells whether a request speaks that protocol: a form, or Action in the URL.
func IsQuery(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.Query().Has("Action")
}

// ServeHTTP implements http.Handler.
func (q Query) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := NewRequestID()
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Requestid", id)
	name, out, err := q.serve(r)
	if err != nil {
		q.writeError(w, AsError(err), id)
		return
	}
	result, err := q.render(name, out)
	if err != nil {
		q.writeError(w, AsError(err), id)
		return
	}
	w.WriteHeader(http.StatusOK)
	w.Write([]byte(`<` + name + `Response xmlns="` + q.Namespace + `">`))
	w.Write(result)
	w.Write([]byte(`<ResponseMetadata><RequestId>` + id + `</RequestId></ResponseMetadata></` + name + `Response>`))
}

// render makes the XML of an answer.
func (q Query) render(operation string, out any) ([]byte, error) {
	name := operation + "Result"
	if q.Tagged {
		return queryXML(name, out, q.flatOf(operation))
	}
	body, err := xml.Marshal(out)
	if err != nil {
		return nil, err
	}
	// The result struct marshals under its own name; the envelope is ours.
	return renameRoot(body, name), nil
}

func (q Query) serve(r *http.Request) (string, any, error) {
	body, err := readBody(r, q.MaxBody)
	if err != nil {
		return "", nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", nil, Errorf("MalformedQueryString", 0, "%s", err)
	}
	for k, v := range Parameters(r) {
		form[k] = append(form[k], v...)
	}
	name := form.Get("Action")
	op, ok := q.Operations[name]
	if !ok {
		return name, nil, NotImplemented("InvalidAction", name)
	}
	if v := form.Get("Version"); q.Version != "" && v != q.Version && (v != "" || !q.Unversioned) {
		return name, nil, Errorf("NoSuchVersion", 0, "version %q of %s is not %s", v, name, q.Version)
	}
	form.Del("Action")
	form.Del("Version")
	if q.Path != "" && r.URL.Path != "/" && !form.Has(q.Path) {
		form.Set(q.Path, r.URL.Path)
	}
	in := op.newInput()
	code := q.UnknownMember
	if code == "" {
		code = "InvalidParameter"
	}
	if err := decodeForm(form, in, name, code, q.flatOf(name)); err != nil {
		return name, nil, err
	}
	out, err := op.run(r.Context(), q.Log, name, in)
	return name, out, err
}

// flatOf are the flattened members of an operation; nil for none.
func (q Query) flatOf(operation string) func(member string) Flat {
	if q.Flat == nil {
		return nil
	}
	return func(member string) Flat { return q.Flat(operation, member) }
}

type queryError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

func (q Query) writeError(w http.ResponseWriter, e *Error, id string) {
	code, ok := q.Codes[e.Code]
	if !ok {
		code = e.Code
	}
	out := queryError{Namespace: q.Namespace, Type: "Sender", Code: code, Message: e.Message, RequestID: id}
	if e.HTTPStatus() >= 500 {
		out.Type = "Receiver"
	}
	body, err := xml.Marshal(out)
	if err != nil {
		body = []byte("<ErrorResponse/>")
	}
	w.WriteHeader(e.HTTPStatus())
	w.Write(body)
}

// renameRoot replaces the name of the root element of a marshalled struct.
func renameRoot(doc []byte, name string) []byte {
	var body struct {
		Inner []byte `xml:",innerxml"`
	}
	if err := xml.Unmarshal(doc, &body); err != nil {
		return nil
	}
	out := append([]byte("<"+name+">"), body.Inner...)
	return append(out, "</"+name+">"...)
}

package wire_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type greetInput struct {
	Name  string
	Times int
	When  wire.Time
	Tags  []struct{ Key, Value string }
}

type greetOutput struct{ Greeting string }

func greet(_ context.Context, in *greetInput) (*greetOutput, error) {
	switch in.Name {
	case "":
		return nil, wire.Errorf("ValidationException", 0, "nobody to greet")
	case "panic":
		panic("boom")
	}
	return &greetOutput{"hello " + in.Name}, nil
}

func post(h http.Handler, target, body string) (int, string) {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestJSON(t *testing.T) {
	h := wire.JSON{TargetPrefix: "Svc_1", Version: "1.1", Operations: map[string]wire.Operation{"Greet": wire.Op(greet)}, MaxBody: 1000}
	for _, c := range []struct {
		name, target, body string
		status             int
		want               string
	}{
		{"good", "Svc_1.Greet", `{"Name":"you","When":1767225600.5}`, 200, `{"Greeting":"hello you"}`},
		{"no body", "Svc_1.Greet", ``, 400, "nobody to greet"},
		{"unknown member", "Svc_1.Greet", `{"Name":"you","Loudly":true}`, 400, `member \"Loudly\" is not implemented by Shakedown`},
		{"unknown nested member", "Svc_1.Greet", `{"Name":"you","Tags":[{"Key":"a","Colour":"b"}]}`, 400, `member \"Colour\"`},
		{"wrong type", "Svc_1.Greet", `{"Name":7}`, 400, "SerializationException"},
		{"not JSON", "Svc_1.Greet", `{`, 400, "SerializationException"},
		{"two values", "Svc_1.Greet", `{"Name":"a"}{}`, 400, "more than one JSON value"},
		{"a bracket behind", "Svc_1.Greet", `{"Name":"a"}]`, 400, "more than one JSON value"},
		{"and the next request", "Svc_1.Greet", `{"Name":"b"}`, 200, "hello b"},
		{"unknown operation", "Svc_1.Shout", `{}`, 501, "Shout is not implemented by Shakedown"},
		{"another service", "Svc_2.Greet", `{}`, 400, "UnknownOperationException"},
		{"too large", "Svc_1.Greet", `{"Name":"` + strings.Repeat("x", 1000) + `"}`, 413, "larger than 1000 bytes"},
		{"panic", "Svc_1.Greet", `{"Name":"panic"}`, 500, "InternalFailure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := post(h, c.target, c.body)
			require.Equal(t, c.status, status, body)
			require.Contains(t, body, c.want)
			require.NotContains(t, body, "boom", "what panicked is for the log")
		})
	}
}

type formInput struct {
	Name       string
	Count      *int
	Loud       bool
	Names      []string
	Attributes map[string]string
	Typed      map[string]struct{ DataType, StringValue string }
}

type formOutput struct {
	Names []string `xml:"Names>member"`
}

func TestQuery(t *testing.T) {
	var got formInput
	h := wire.Query{Namespace: "http://x/", Version: "1", Operations: map[string]wire.Operation{
		"List": wire.Op(func(_ context.Context, in *formInput) (*formOutput, error) {
			got = *in
			return &formOutput{in.Names}, nil
		}),
	}}
	send := func(form url.Values) string {
		r := httptest.NewRequest("POST", "/", strings.NewReader(form.Encode()))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	body := send(url.Values{
		"Action": {"List"}, "Version": {"1"}, "Name": {"n"}, "Count": {"7"}, "Loud": {"true"}, "Names.member.1": {"a"}, "Names.member.2": {"<b>"},
		"Attributes.entry.1.key": {"k"}, "Attributes.entry.1.value": {"v"},
		"Typed.entry.1.Name": {"t"}, "Typed.entry.1.Value.DataType": {"String"}, "Typed.entry.1.Value.StringValue": {"s"},
	})
	require.Contains(t, body, `<ListResponse xmlns="http://x/"><ListResult><Names><member>a</member><member>&lt;b&gt;</member></Names></ListResult><ResponseMetadata>`)
	require.Equal(t, 7, *got.Count)
	require.True(t, got.Loud)
	require.Equal(t, map[string]string{"k": "v"}, got.Attributes)
	require.Equal(t, "s", got.Typed["t"].StringValue)
	require.Contains(t, send(url.Values{"Action": {"List"}, "Version": {"1"}, "Colour": {"red"}}), "Colour")
	require.Contains(t, send(url.Values{"Action": {"List"}, "Version": {"2"}}), "NoSuchVersion")
	require.Contains(t, send(url.Values{"Action": {"Sing"}}), "Sing is not implemented by Shakedown")
	require.Contains(t, send(url.Values{"Action": {"List"}, "Version": {"1"}, "Count": {"many"}}), "MalformedInput")
}

type thingInput struct {
	Thing  string `path:"thing" json:"-"`
	Max    int    `query:"maxResults" json:"-"`
	Header string `header:"X-Who" json:"-"`
	Colour string
}

func TestREST(t *testing.T) {
	var got thingInput
	h := wire.REST{Routes: append(wire.Refused(`
		PaintThing PUT /things/{thing}/paint
		FlagThing  PUT /things/{thing}?flag
	`), []wire.Route{
		{Name: "GetThing", Method: "GET", Path: "/things/{thing}", Op: wire.Op(func(_ context.Context, in *thingInput) (*greetOutput, error) {
			got = *in
			return &greetOutput{"one"}, nil
		})},
		{Name: "Rest", Method: "GET", Path: "/all/{thing+}", Op: wire.Op(func(_ context.Context, in *thingInput) (*greetOutput, error) {
			got = *in
			return &greetOutput{"rest"}, nil
		})},
	}...)}
	send := func(method, target, body string) (int, string) {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		r.Header.Set("X-Who", "me")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	status, body := send("GET", "/things/a%2Fb?maxResults=3", `{"Colour":"red"}`)
	require.Equal(t, 200, status, body)
	require.Equal(t, thingInput{"a/b", 3, "me", "red"}, got)
	_, _ = send("GET", "/all/x/y", "")
	require.Equal(t, "x/y", got.Thing)
	for target, want := range map[string]string{
		"/things/a?colour=red":     `member \"colour\" is not implemented`,
		"/things/a?maxResults=few": "not an integer",
		"/things":                  "is not implemented by Shakedown",
		"/things/a/b":              "is not implemented by Shakedown",
	} {
		_, body := send("GET", target, "")
		require.Contains(t, body, want, target)
	}
	for target, want := range map[string]string{
		"/things/a/paint":  "PaintThing is not implemented by Shakedown",
		"/things/a?flag=1": "FlagThing is not implemented by Shakedown",
		"/things/a":        "PUT /things/a is not implemented by Shakedown",
	} {
		status, body = send("PUT", target, `{"any":"thing"}`)
		require.Equal(t, 501, status)
		require.Contains(t, body, want)
	}
	_, body = send("DELETE", "/things/a", "")
	require.Contains(t, body, "DELETE /things/a is not implemented")
}

// A header may stand among the parameters of a URL that is signed: it counts as one.
func TestHoistedHeader(t *testing.T) {
	var got struct {
		Principal string `header:"X-Amz-Principal" json:"-"`
	}
	type input struct {
		Principal string `header:"X-Amz-Principal" json:"-"`
	}
	h := wire.REST{Routes: []wire.Route{{Name: "Get", Method: "GET", Path: "/x", Op: wire.Op(func(_ context.Context, in *input) (*greetOutput, error) {
		got.Principal = in.Principal
		return &greetOutput{}, nil
	})}}}
	send := func(query, header string) int {
		r := httptest.NewRequest("GET", "/x?"+query, nil)
		if header != "" {
			r.Header.Set("X-Amz-Principal", header)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusOK, send("x-amz-principal=me&X-Amz-Signature=ab&X-Amz-Expires=9", ""))
	require.Equal(t, "me", got.Principal)
	require.Equal(t, http.StatusOK, send("X-Amz-Principal=me", "me"))
	require.Equal(t, http.StatusBadRequest, send("X-Amz-Principal=me", "you"))
	require.Equal(t, http.StatusBadRequest, send("X-Amz-Other=me", ""))
}

func TestScope(t *testing.T) {
	r := httptest.NewRequest("GET", "/?X-Amz-Credential=AK%2F20260101%2Fus-east-1%2Fs3%2Faws4_request", nil)
	s, ok := wire.ScopeOf(r)
	require.True(t, ok)
	require.Equal(t, wire.Scope{AccessKey: "AK", Region: "us-east-1", Service: "s3"}, s)
	for _, header := range []string{"", "Bearer x", "AWS4-HMAC-SHA256 Credential=a/b"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		_, ok := wire.ScopeOf(r)
		require.False(t, ok, header)
	}
}

func FuzzForm(f *testing.F) {
	h := wire.Query{Operations: map[string]wire.Operation{"List": wire.Op(func(context.Context, *formInput) (*formOutput, error) { return &formOutput{}, nil })}}
	flat := h
	flat.Tagged, flat.Flat = true, func(_, member string) wire.Flat { return wire.Flat{Element: member, Key: "Name"} }
	f.Add("Action=List&Names.member.1=a&Attributes.entry.1.key=k")
	f.Add("Action=List&Names.1=a&Attributes.1.Name=k&Typed.1.Name=t&Typed.1.Value.DataType=s")
	f.Fuzz(func(t *testing.T, body string) {
		flat.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(body)))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(body)))
	})
}

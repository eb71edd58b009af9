package apigateway

import (
	"encoding/base64"
	"mime"
	"net"
	"net/http"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// request is one request to the data plane, and what was found for it.
type request struct {
	id         string
	stage      string
	path       string // decoded, with the stage unless it is $default
	body       []byte
	http       *http.Request
	api        API
	route      Route
	parameters map[string]string
}

// payload is the event of payload format 2.0. Its context is spelled out here
// because the one of aws-lambda-go always has an empty client certificate.
type payload struct {
	events.APIGatewayV2HTTPRequest
	RequestContext requestContext `json:"requestContext"`
}

type requestContext struct {
	AccountID    string                                               `json:"accountId"`
	APIID        string                                               `json:"apiId"`
	DomainName   string                                               `json:"domainName"`
	DomainPrefix string                                               `json:"domainPrefix"`
	HTTP         events.APIGatewayV2HTTPRequestContextHTTPDescription `json:"http"`
	RequestID    string                                               `json:"requestId"`
	RouteKey     string                                               `json:"routeKey"`
	Stage        string                                               `json:"stage"`
	Time         string                                               `json:"time"`
	TimeEpoch    int64                                                `json:"timeEpoch"`
}

// event is the request in payload format 2.0.
func (q *request) event(account string) payload {
	r := q.http
	at := time.Now().UTC()
	body, encoded := encodeBody(r.Header.Get("Content-Type"), q.body)
	headers, cookies := headersOf(r)
	domain, _, _ := strings.Cut(r.Host, ":")
	out := payload{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: q.route.RouteKey, RawPath: q.path, RawQueryString: r.URL.RawQuery,
		Cookies: cookies, Headers: headers, QueryStringParameters: queryOf(r), PathParameters: q.parameters,
		Body: body, IsBase64Encoded: encoded,
	}}
	out.RequestContext = requestContext{
		RouteKey: q.route.RouteKey, AccountID: account, Stage: q.stage, RequestID: q.id, APIID: q.api.ApiId,
		DomainName: domain, DomainPrefix: q.api.ApiId,
		Time: at.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: at.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: r.Method, Path: q.path, Protocol: r.Proto, SourceIP: sourceIP(r), UserAgent: r.UserAgent(),
		},
	}
	return out
}

// headersOf are the headers in lower case, repeated ones joined with commas,
// and the cookies, which do not stand among them. Who forwarded the request is not for the
// client to say; its own X-Forwarded-For comes first.
func headersOf(r *http.Request) (map[string]string, []string) {
	headers := map[string]string{}
	var cookies []string
	for name, values := range r.Header {
		if name == "Cookie" {
			for _, v := range values {
				for c := range strings.SplitSeq(v, ";") {
					if c = strings.TrimSpace(c); c != "" {
						cookies = append(cookies, c)
					}
				}
			}
			continue
		}
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	from := sourceIP(r)
	if before := headers["x-forwarded-for"]; before != "" {
		from = before + ", " + from
	}
	proto, port := "http", "80"
	if r.TLS != nil {
		proto, port = "https", "443"
	}
	if _, given, err := net.SplitHostPort(r.Host); err == nil {
		port = given
	}
	headers["host"], headers["x-forwarded-for"], headers["x-forwarded-proto"], headers["x-forwarded-port"] = r.Host, from, proto, port
	return headers, cookies
}

// queryOf are the query parameters, repeated ones joined with commas.
func queryOf(r *http.Request) map[string]string {
	query := r.URL.Query()
	if len(query) == 0 {
		return nil
	}
	out := map[string]string{}
	for name, values := range query {
		out[name] = strings.Join(values, ",")
	}
	return out
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "127.0.0.1"
	}
	return host
}

// encodeBody is the body for the event: text as it is, anything else in base64.
func encodeBody(contentType string, body []byte) (string, bool) {
	if len(body) == 0 {
		return "", false
	}
	if isText(contentType) && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

var textTypes = []string{"application/javascript", "application/json", "application/xml"} // sorted

func isText(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	i := sort.SearchStrings(textTypes, media)
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "+json") || strings.HasSuffix(media, "+xml") ||
		i < len(textTypes) && textTypes[i] == media
}

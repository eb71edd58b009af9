package fault

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// failure is an error as a service answers it.
type failure struct {
	code    string
	status  int
	message string
}

// format is how a service writes its errors.
type format interface {
	refuse(m message, f failure) *http.Response
}

// jsonFormat is AWS JSON and REST-JSON, which has no version.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
type jsonFormat struct {
	version, prefix string
	checksum        bool // in X-Amz-Crc32, as DynamoDB has it
}

func (j jsonFormat) refuse(m message, f failure) *http.Response {
	return j.answer(m.Request, f.status, f.code, map[string]any{"__type": j.prefix + f.code, "message": f.message})
}

// answer is one with a JSON body; code is that of an error.
func (j jsonFormat) answer(r *http.Request, status int, code string, shape any) *http.Response {
	body := mustJSON(shape)
	header := http.Header{"Content-Type": {"application/json"}}
	if j.version != "" {
		header.Set("Content-Type", "application/x-amz-json-"+j.version)
	}
	if code != "" {
		header.Set("X-Amzn-Errortype", code)
	}
	if j.checksum {
		header.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10))
	}
	header.Set("X-Amzn-Requestid", wire.NewRequestID())
	return respond(r, status, header, body)
}

// mustJSON encodes what always encodes: maps, slices and raw messages that were
// decoded before.
func mustJSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic("fault: encode an answer: " + err.Error())
	}
	return body
}

const snsNamespace = "http://sns.amazonaws.com/doc/2010-03-31/"

// queryFormat is the query protocol.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
type queryFormat struct{ namespace string }

func (q queryFormat) refuse(m message, f failure) *http.Response {
	id := wire.NewRequestID()
	fault := "Sender"
	if f.status >= 500 {
		fault = "Receiver"
	}
	body := `<ErrorResponse xmlns="` + q.namespace + `"><Error><Type>` + fault + `</Type><Code>` + f.code + `</Code><Message>` +
		escape(f.message) + `</Message></Error><RequestId>` + id + `</RequestId></ErrorResponse>`
	return respond(m.Request, f.status, http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {id}}, []byte(body))
}

// s3Format is the XML of S3; an answer to HEAD has no body.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
type s3Format struct{}

func (s3Format) refuse(m message, f failure) *http.Response {
	id := wire.NewRequestID()
	body := xml.Header + `<Error><Code>` + f.code + `</Code><Message>` + escape(f.message) + `</Message><RequestId>` + id + `</RequestId></Error>`
	if m.Method == http.MethodHead {
		body = ""
	}
	return respond(m.Request, f.status, http.Header{"Content-Type": {"application/xml"}, "X-Amz-Request-Id": {id}}, []byte(body))
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

// respond makes an answer of its parts.
func respond(r *http.Request, status int, header http.Header, body []byte) *http.Response {
	header.Set("Content-Length", strconv.Itoa(len(body)))
	return &http.Response{
		Status:        strconv.Itoa(status) + " " + http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       r,
	}
}

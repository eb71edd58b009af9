package wire

import (
	"encoding/xml"
	"net/http"
)

// restError is an error of S3, which speaks XML without an envelope.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
type restError struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	RequestID string `xml:"RequestId"`
}

// Refuse answers with an error before any service has seen the request, in the protocol
// that its client speaks: one that gets another reports a parse error instead. The service
// is the one that it is signed for, and may be empty.
func Refuse(w http.ResponseWriter, r *http.Request, e *Error, service string) {
	id := NewRequestID()
	w.Header().Set("X-Amzn-Requestid", id)
	switch {
	case IsRPC(r):
		w.Header().Set(rpcHeader, rpcProtocol)
		w.Header().Set("Content-Type", rpcType)
		writeCBORError(w, e, seconds)
	case isCBOR(r):
		w.Header().Set("Content-Type", cborType)
		writeCBORError(w, e, milliseconds)
	case service == "s3":
		refuseXML(w, e, restError{Code: e.Code, Message: e.Message, RequestID: id})
	case IsQuery(r):
		refuseXML(w, e, queryError{Type: "Sender", Code: e.Code, Message: e.Message, RequestID: id})
	default:
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		writeJSONError(w, e, "")
	}
}

func refuseXML(w http.ResponseWriter, e *Error, body any) {
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.WriteHeader(e.HTTPStatus())
	text, _ := xml.Marshal(body) // of texts
	_, _ = w.Write(text)         // nobody is left to tell
}

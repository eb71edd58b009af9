package wire

import (
	"bytes"
	"io"
	"net/http"
	"unsafe"
)

// Body is a request's body that is in memory already, for a caller within the process:
// an operation reads it without a copy. It must not change any more.
type Body struct {
	bytes.Reader
	text []byte
}

// NewBody makes a body of its bytes.
func NewBody(text []byte) *Body {
	b := &Body{text: text}
	b.Reset(text)
	return b
}

// Close implements io.Closer.
func (b *Body) Close() error { return nil }

// TextOf is bytes that do not change any more as a text, without a copy.
func TextOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// readBody reads at most max bytes. They must not be changed.
func readBody(r *http.Request, max int64) ([]byte, error) {
	if max <= 0 {
		max = MaxBody
	}
	if b, ok := r.Body.(*Body); ok && b.Len() == len(b.text) && b.Size() <= max {
		return b.text, nil
	}
	if n := r.ContentLength; n > 0 && n <= max {
		body := make([]byte, n)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, Errorf("SerializationException", 0, "reading the request: %s", err)
		}
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, max+1))
	if err != nil {
		return nil, Errorf("SerializationException", 0, "reading the request: %s", err)
	}
	if int64(len(body)) > max {
		return nil, Errorf("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge, "the request is larger than %d bytes", max)
	}
	return body, nil
}

package wire

import (
	"compress/gzip"
	"io"
	"net/http"
)

// Gunzip lets requests of a service be compressed, as SDKs do with large ones:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html
func Gunzip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Encoding") == "gzip" {
			plain := r.Clone(r.Context())
			plain.Body, plain.ContentLength = &gunzip{from: r.Body}, -1
			r = plain
		}
		next.ServeHTTP(w, r)
	})
}

// gunzip reads the gzip header at the first Read, so that its error is a read's.
type gunzip struct {
	from io.ReadCloser
	to   *gzip.Reader
}

func (g *gunzip) Read(b []byte) (int, error) {
	if g.to == nil {
		to, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, err
		}
		g.to = to
	}
	return g.to.Read(b)
}

func (g *gunzip) Close() error { return g.from.Close() }

package s3

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rclone/gofakes3"
)

// Handler is the wire of a State: gofakes3, and in front of it what that does not
// know of: settings of a bucket, versions that are read, copied or deleted by ID.
func Handler(s *State) http.Handler {
	return front{s, gofakes3.New(s,
		gofakes3.WithTimeSource(clock{}),
		gofakes3.WithTimeSkewLimit(0),
		gofakes3.WithIntegrityCheck(true),
	).Server()}
}

type front struct {
	state *State
	next  http.Handler
}

func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = f.state.hosted(r)
	bucket, key, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	var err error
	if presigned(r.URL.RawQuery) {
		if err = expired(r.URL.Query(), time.Now()); err == nil {
			r, err = lowerHeaders(r)
		}
	}
	w, finish := f.described(w, r, key)
	defer finish()
	w, done := appending(w, r, key)
	defer done()
	w, r = headed(w, r)
	if err == nil {
		err = f.state.admit(r, key)
	}
	if err == nil {
		r, err = unchunk(r)
	}
	if err == nil {
		w, r, err = digested(w, r)
	}
	if err == nil {
		err = promised(r.Header)
	}
	if err == nil {
		err = f.serve(w, r, bucket, key)
	}
	f.answer(w, err)
}

// serve has what was admitted done: by gofakes3, where that knows of it.
func (f front) serve(w http.ResponseWriter, r *http.Request, bucket, key string) error {
	if bucket != "" && key == "" && isForm(r) {
		return f.post(w, r, bucket)
	}
	answer := &answerWriter{ResponseWriter: w}
	if r.Method != http.MethodPut || conditional(r) {
		defer answer.close()
		w, r = answer, withETags(answer, r)
	}
	if plain(r) {
		if key == "" && r.Method == http.MethodPut {
			return f.create(w, r, bucket)
		}
		if key != "" && r.Method != http.MethodPut {
			r = r.WithContext(context.WithValue(r.Context(), callKey{}, &call{bucket: bucket, key: key, header: w.Header()}))
		}
		f.next.ServeHTTP(w, r)
		return nil
	}
	query := r.URL.Query()
	if err := f.state.refuse(r, key, query); err != nil {
		return err
	}
	if key == "" && query.Get("list-type") == "2" {
		answer.amend = withKeyCount
	}
	if key == "" && bucket != "" {
		if serve := f.state.ofBucket(r.Method, query); serve != nil {
			return serve(w, r, bucket)
		}
		if action(r.Method, key, query) == "CreateBucket" {
			return f.create(w, r, bucket)
		}
		if r.Method == http.MethodGet && query.Has("uploads") {
			if done, err := f.state.listNoUploads(w, query, bucket); done {
				return err
			}
		}
	}
	if key != "" && r.Method == http.MethodGet && query.Has("uploadId") {
		return f.state.serveParts(w, r, bucket, key)
	}
	r, c, err := withVersion(w, r, bucket, key, query)
	if id := query.Get("uploadId"); err == nil && id != "" && r.Method == http.MethodPost {
		if c.assembled, err = f.state.assemble(r, id); c.assembled != nil {
			at := locationOf(r, bucket, key)
			answer.amend = func(body string) string { return c.assembled.amend(body, at) }
		}
	}
	if err == nil {
		f.next.ServeHTTP(w, r)
	}
	return err
}

// plain tells whether a request is of an object or bucket itself, with no parameter.
func plain(r *http.Request) bool {
	return r.Header.Get("X-Amz-Copy-Source") == "" && r.Method != http.MethodPost && (r.URL.RawQuery == "" || r.URL.RawQuery == "x-id=PutObject")
}

// admit refuses what is not implemented and what is not allowed.
func (s *State) admit(r *http.Request, key string) error {
	if err := cmp.Or(conflicting(r), s.refuseACL(r)); err != nil {
		return err
	}
	if err := cmp.Or(s.refuseHeaders(r, key), unconditional(r, key), checkMD5(r.Header), sized(r, key)); err != nil {
		return cmp.Or(s.refuse(r, key, r.URL.Query()), err) // the operation before its headers
	}
	return s.authorize(r)
}

// ofBucket serves what gofakes3 does not know of buckets; nil is for the rest.
func (s *State) ofBucket(method string, query url.Values) func(w http.ResponseWriter, r *http.Request, bucket string) error {
	switch {
	case method == http.MethodPost && query.Has("delete"):
		return s.deleteMany
	case query.Has("notification"):
		return s.serveNotification
	case method == http.MethodGet && query.Has("location"):
		return s.serveLocation
	}
	for name, setting := range settings {
		if query.Has(name) {
			return func(w http.ResponseWriter, r *http.Request, bucket string) error {
				return s.serveSetting(w, r, bucket, name, setting)
			}
		}
	}
	return nil
}

// withVersion takes the version that a request names out of it and into its context:
// gofakes3 knows versions in some requests only.
func withVersion(w http.ResponseWriter, r *http.Request, bucket, key string, query url.Values) (*http.Request, *call, error) {
	c := &call{bucket: bucket, key: key, request: r.Header, header: w.Header()}
	source := r.Header.Get("X-Amz-Copy-Source")
	switch {
	case source != "":
		from, ok := copySource(r.Header)
		if !ok {
			return r, c, gofakes3.ErrorInvalidArgument("x-amz-copy-source", source, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
		}
		c.bucket, c.key, c.version = from.bucket, from.key, from.version
	case query.Has("versionId") && key != "":
		c.version = query.Get("versionId")
		if c.version == "" {
			return r, c, gofakes3.ErrorInvalidArgument("versionId", "", "Version id cannot be the empty string")
		}
		if !isVersion(c.version) {
			return r, c, gofakes3.ErrorInvalidArgument("versionId", c.version, "Invalid version id specified")
		}
		query.Del("versionId")
	}
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	at := *r.URL
	at.RawQuery = query.Encode()
	r.URL = &at
	if source != "" {
		r.Header = r.Header.Clone()
		r.Header.Set("X-Amz-Copy-Source", c.bucket+"/"+url.QueryEscape(c.key))
		if c.version != "" && c.bucket == bucket && c.key == key && r.Header.Get("X-Amz-Storage-Class") == "" {
			// An older version over the current one is a change, which gofakes3
			// takes for none.
			r.Header.Set("X-Amz-Storage-Class", "STANDARD")
		}
	}
	return r, c, nil
}

// answer writes an error, if there is one.
func (f front) answer(w http.ResponseWriter, err error) {
	if err == nil {
		return
	}
	code, message := gofakes3.ErrInternal, err.Error()
	var coded gofakes3.Error
	if errors.As(err, &coded) {
		code = coded.ErrorCode()
	}
	var response *gofakes3.ErrorResponse
	if errors.As(err, &response) {
		message = response.Message
	}
	status := statuses[code]
	if status == 0 {
		status = code.Status()
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	writeXML(w, struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: string(code), Message: message})
}

// statuses are those of codes that gofakes3 does not know.
var statuses = map[gofakes3.ErrorCode]int{
	"EntityTooSmall":                     http.StatusBadRequest,
	"AccessControlListNotSupported":      http.StatusBadRequest,
	"AccessDenied":                       http.StatusForbidden,
	"MalformedPolicy":                    http.StatusBadRequest,
	"BucketAlreadyOwnedByYou":            http.StatusConflict,
	"InvalidTag":                         http.StatusBadRequest,
	"MalformedTrailerError":              http.StatusBadRequest,
	"IllegalLocationConstraintException": http.StatusBadRequest,
	"AuthorizationQueryParametersError":  http.StatusBadRequest,
	"InvalidPolicyDocument":              http.StatusBadRequest,
	"MaxPostPreDataLengthExceeded":       http.StatusBadRequest,
	"SlowDown":                           http.StatusServiceUnavailable,
	"XAmzContentSHA256Mismatch":          http.StatusBadRequest,
}

func writeXML(w io.Writer, v any) {
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(v)
}

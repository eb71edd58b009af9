package s3

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

const (
	// maxFields bounds what is in a form before its file.
	// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MaxPostPreDataLengthExceededError)
	maxFields = 20 << 10
	// maxPosted is the most that one upload may have.
	maxPosted = 5 << 30
)

// postForm is what a browser posts: fields, and behind them the file.
//
//	POST /bucket        key policy x-amz-…     ──> PUT /bucket/key     ──> 204, 200, 201 with
//	multipart/form-data file                       with their headers       XML, or a redirect
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
type postForm struct {
	fields map[string]string // by name in lower case
	file   []byte
}

// isForm tells whether a request posts a form to a bucket.
func isForm(r *http.Request, bucket, key string) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.Method == http.MethodPost && bucket != "" && key == "" && r.URL.RawQuery == "" && err == nil && kind == "multipart/form-data"
}

// post stores the file of a form as a PUT with the form's fields as headers would.
func (f front) post(w http.ResponseWriter, r *http.Request, bucket string) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	if err := form.allowed(r, bucket); err != nil {
		return err
	}
	headers, err := form.headers()
	if err != nil {
		return err
	}
	key := form.fields["key"]
	put := r.WithContext(context.WithValue(r.Context(), callKey{}, &call{form: true}))
	put.Method, put.URL = http.MethodPut, &url.URL{Path: "/" + bucket + "/" + key}
	put.Header, put.ContentLength, put.TransferEncoding = headers, int64(len(form.file)), nil
	put.Header.Set("Content-Length", strconv.Itoa(len(form.file)))
	put.Body = io.NopCloser(bytes.NewReader(form.file))
	answer := &heldAnswer{header: w.Header(), status: http.StatusOK}
	f.ServeHTTP(answer, put)
	if answer.status != http.StatusOK {
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body.Bytes()) // nobody is left to tell
		return nil
	}
	form.answer(w, r, bucket, key)
	return nil
}

// readForm reads the fields before the file, and the file; what is behind it is ignored.
func readForm(r *http.Request) (*postForm, error) {
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, gofakes3.ErrMalformedPOSTRequest
	}
	form, left := &postForm{fields: map[string]string{}}, int64(maxFields)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, gofakes3.ErrorInvalidArgument("file", "0", "POST requires exactly one file upload per request.")
		}
		if err != nil {
			return nil, gofakes3.ErrMalformedPOSTRequest
		}
		if part.FormName() == "file" {
			return form, form.readFile(part)
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, gofakes3.ErrMalformedPOSTRequest
		}
		if left -= int64(len(value)) + int64(len(part.FormName())); left < 0 {
			return nil, gofakes3.ErrorMessage("MaxPostPreDataLengthExceeded", "Your POST request fields preceding the upload file were too large.")
		}
		name := strings.ToLower(part.FormName())
		if _, twice := form.fields[name]; twice {
			return nil, gofakes3.ErrorInvalidArgument(name, string(value), "POST contains the field "+name+" twice")
		}
		form.fields[name] = string(value)
	}
}

// readFile reads the file, by whose name ${filename} in fields is replaced.
func (f *postForm) readFile(part *multipart.Part) (err error) {
	if f.fields["key"] == "" {
		return gofakes3.ErrorInvalidArgument("key", "", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.")
	}
	for name, value := range f.fields {
		f.fields[name] = strings.ReplaceAll(value, "${filename}", part.FileName())
	}
	if f.file, err = io.ReadAll(io.LimitReader(part, maxPosted+1)); err != nil {
		return gofakes3.ErrMalformedPOSTRequest
	}
	if int64(len(f.file)) > maxPosted {
		return gofakes3.ErrEntityTooLarge
	}
	return nil
}

// formHeaders are the fields that are headers of the object; others that begin with
// x-amz- are refused where a PUT with them would be.
var formHeaders = strings.Fields("cache-control content-type content-disposition content-encoding expires " +
	"x-amz-storage-class x-amz-server-side-encryption x-amz-website-redirect-location x-amz-sdk-checksum-algorithm " +
	"x-amz-checksum-algorithm x-amz-checksum-crc32 x-amz-checksum-crc32c x-amz-checksum-crc64nvme x-amz-checksum-sha1 x-amz-checksum-sha256")

// formFields are those that are none.
var formFields = strings.Fields("key policy awsaccesskeyid signature bucket success_action_status success_action_redirect redirect")

// headers are those of the PUT that a form stands for.
func (f *postForm) headers() (http.Header, error) {
	h := http.Header{}
	for name, value := range f.fields {
		switch {
		case slices.Contains(formHeaders, name), strings.HasPrefix(name, "x-amz-meta-"):
			h.Set(name, value)
		case name == "acl":
			h.Set("X-Amz-Acl", value)
		case name == "tagging":
			tags, err := formTags(value)
			if err != nil {
				return nil, err
			}
			h.Set("X-Amz-Tagging", tags)
		case slices.Contains(formFields, name), slices.Contains(presignature, textproto.CanonicalMIMEHeaderKey(name)),
			name == "x-amz-signedheaders", strings.HasPrefix(name, "x-ignore-"):
		default:
			return nil, refusal("POST of a form with the field " + name)
		}
	}
	return h, nil
}

// formTags are the tags of a form, which are XML there, as the header of a PUT has them.
func formTags(text string) (string, error) {
	var in struct {
		Tags []struct{ Key, Value string } `xml:"TagSet>Tag"`
	}
	if err := xml.Unmarshal([]byte(text), &in); err != nil {
		return "", gofakes3.ErrMalformedXML
	}
	tags := url.Values{}
	for _, tag := range in.Tags {
		tags.Add(tag.Key, tag.Value)
	}
	return tags.Encode(), nil
}

// answer tells the browser that its file is stored, as the form asks for.
func (f *postForm) answer(w http.ResponseWriter, r *http.Request, bucket, key string) {
	at := locationOf(r, bucket, key)
	etag := w.Header().Get("ETag")
	w.Header().Set("Location", at)
	w.Header().Del("Content-Length")
	if to, err := url.Parse(cmp.Or(f.fields["success_action_redirect"], f.fields["redirect"])); err == nil && to.IsAbs() && to.Host != "" {
		query := to.Query()
		query.Set("bucket", bucket)
		query.Set("key", key)
		query.Set("etag", etag)
		to.RawQuery = query.Encode()
		w.Header().Set("Location", to.String())
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	switch f.fields["success_action_status"] {
	case "200":
		w.WriteHeader(http.StatusOK)
	case "201":
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusCreated)
		writeXML(w, struct {
			XMLName                     xml.Name `xml:"PostResponse"`
			Location, Bucket, Key, ETag string
		}{Location: at, Bucket: bucket, Key: key, ETag: etag})
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// locationOf is the URL of an object.
func locationOf(r *http.Request, bucket, key string) string {
	at := url.URL{Scheme: "http", Host: r.Host, Path: "/" + bucket + "/" + key}
	if r.TLS != nil {
		at.Scheme = "https"
	}
	return at.String()
}

// heldAnswer is what a PUT answers, before a form's answer is made of it.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *heldAnswer) WriteHeader(status int) { a.status = status }

// Write implements http.ResponseWriter.
func (a *heldAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }

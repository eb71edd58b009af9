package s3

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

// maxFields bounds what is in a form before its file.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MaxPostPreDataLengthExceededError)
const maxFields = 20 << 10

// postForm is what a browser posts: fields, and behind them the file.
//
//	POST /bucket        key policy x-amz-…     ──> PUT /bucket/key     ──> 204, 200, 201 with
//	multipart/form-data file                       with their headers       XML, or a redirect
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
type postForm struct {
	fields map[string]string // by name in lower case
	file   *multipart.Part   // which is not read yet
}

// isForm tells whether a request posts a form.
func isForm(r *http.Request) bool {
	if r.Method != http.MethodPost || r.URL.RawQuery != "" {
		return false
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// post stores the file of a form as a PUT with the form's fields as headers would. The file
// of one that is refused is not read.
func (f front) post(w http.ResponseWriter, r *http.Request, bucket string) error {
	if err := besideForm(r.Header); err != nil {
		return err
	}
	form, err := readForm(r, bucket)
	if err != nil {
		return err
	}
	may, err := form.allowed(r)
	if err != nil {
		return err
	}
	headers, err := form.headers()
	if err != nil {
		return err
	}
	file, err := form.read(may)
	if err != nil {
		return err
	}
	key := form.fields["key"]
	put := r.WithContext(context.WithValue(r.Context(), callKey{}, &call{form: true}))
	put.Method, put.URL = http.MethodPut, &url.URL{Path: "/" + bucket + "/" + key}
	put.Header, put.ContentLength, put.TransferEncoding = headers, int64(len(file)), nil
	put.Header.Set("Content-Length", strconv.Itoa(len(file)))
	put.Body = io.NopCloser(bytes.NewReader(file))
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

// besideForm refuses headers of an object beside a form, whose fields they would be.
func besideForm(h http.Header) error {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if name == "Content-Md5" || strings.HasPrefix(name, amz) && taken[name].requests != "*" {
			return refusal("POST of a form with the header " + strings.ToLower(name) + ", which is a field")
		}
	}
	return nil
}

// readForm reads the fields before the file; what is behind that is ignored.
func readForm(r *http.Request, bucket string) (*postForm, error) {
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
			return nil, malformed(err)
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			form.file = part
			return form, form.complete(bucket)
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, malformed(err)
		}
		if left -= int64(len(value)) + int64(len(name)); left < 0 {
			return nil, gofakes3.ErrorMessage("MaxPostPreDataLengthExceeded", "Your POST request fields preceding the upload file were too large.")
		}
		if _, twice := form.fields[name]; twice {
			return nil, gofakes3.ErrorInvalidArgument(name, string(value), "POST contains the field "+name+" twice")
		}
		form.fields[name] = string(value)
	}
}

// malformed is the error of a form that cannot be read.
func malformed(err error) error {
	if coded, ok := errors.AsType[gofakes3.Error](err); ok {
		return coded
	}
	return gofakes3.ErrMalformedPOSTRequest
}

// complete puts the name of the file where fields have ${filename}. The bucket is a field
// too, whether a form has it or not: a policy must name it.
func (f *postForm) complete(bucket string) error {
	if f.fields["key"] == "" {
		return lacks("key")
	}
	file := f.file.FileName()
	file = file[strings.LastIndexAny(file, `/\`)+1:]
	for name, value := range f.fields {
		f.fields[name] = strings.ReplaceAll(value, "${filename}", file)
	}
	if named, ok := f.fields["bucket"]; ok && named != bucket {
		return gofakes3.ErrorInvalidArgument("bucket", named, "The form is for another bucket than "+bucket)
	}
	f.fields["bucket"] = bucket
	return nil
}

// lacks is the error of a form without a field.
func lacks(name string) error {
	return gofakes3.ErrorInvalidArgument(name, "", "Bucket POST must contain a field named '"+name+"'.  If it is specified, please check the order of the fields.")
}

// read reads the file.
func (f *postForm) read(may lengths) ([]byte, error) {
	file, err := io.ReadAll(io.LimitReader(f.file, may.most+1))
	switch size := int64(len(file)); {
	case err != nil:
		return nil, unread(err)
	case size < may.least:
		return nil, gofakes3.ErrorMessage("EntityTooSmall", fmt.Sprintf("Your proposed upload is smaller than the minimum allowed size: %d bytes, less than %d", size, may.least))
	case size > may.most:
		return nil, tooLarge(may.most)
	}
	return file, nil
}

// formHeaders are the fields that are headers of the object; others that begin with
// x-amz- are refused where a PUT with them would be.
var formHeaders = strings.Fields("cache-control content-type content-disposition content-encoding content-md5 expires " +
	"x-amz-storage-class x-amz-server-side-encryption x-amz-website-redirect-location " +
	"x-amz-checksum-crc32 x-amz-checksum-crc32c x-amz-checksum-crc64nvme x-amz-checksum-sha1 x-amz-checksum-sha256")

// otherHeaders are those that are headers with another name. A PUT has the checksum that
// its algorithm says there is.
var otherHeaders = map[string]string{"acl": "X-Amz-Acl", "x-amz-checksum-algorithm": "X-Amz-Sdk-Checksum-Algorithm"}

// formFields are those that are none.
var formFields = strings.Fields("key policy awsaccesskeyid signature bucket success_action_status success_action_redirect redirect")

// headers are those of the PUT that a form stands for.
func (f *postForm) headers() (http.Header, error) {
	h := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		value := f.fields[name]
		switch {
		case slices.Contains(formHeaders, name), strings.HasPrefix(name, "x-amz-meta-"):
			h.Set(name, value)
		case otherHeaders[name] != "":
			h.Set(otherHeaders[name], value)
		case name == "tagging":
			tags, err := formTags(value)
			if err != nil {
				return nil, err
			}
			h.Set("X-Amz-Tagging", tags)
		case slices.Contains(formFields, name), ofSignature(name), strings.HasPrefix(name, "x-ignore-"):
		default:
			return nil, refusal("POST of a form with the field " + name)
		}
	}
	return h, nil
}

// formTags are the tags of a form, which are XML there, as the header of a PUT has them.
func formTags(text string) (string, error) {
	var in struct {
		XMLName xml.Name                      `xml:"Tagging"`
		Tags    []struct{ Key, Value string } `xml:"TagSet>Tag"`
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

package s3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"
)

// setting is a sub-resource of a bucket: a document that is kept and answered as it
// was put.
type setting struct {
	get, put, remove string // operations
	// elements of the document; any other is refused.
	elements string
	// initial is the document of a new bucket; missing the error where there is none.
	initial string
	missing gofakes3.ErrorCode
	// check refuses values, by element; nil takes none: put is refused.
	check func(element, value string) error
}

const xmlns = ` xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`

// settings by the query parameter that names them.
var settings = map[string]setting{
	"tagging": {
		get: "GetBucketTagging", put: "PutBucketTagging", remove: "DeleteBucketTagging",
		elements: "Tagging TagSet Tag Key Value", missing: gofakes3.ErrNoSuchTagSet, check: checkTag,
	},
	"policy": { // JSON
		get: "GetBucketPolicy", put: "PutBucketPolicy", remove: "DeleteBucketPolicy",
		missing: gofakes3.ErrNoSuchBucketPolicy, check: anything,
	},
	"publicAccessBlock": {
		get: "GetPublicAccessBlock", put: "PutPublicAccessBlock", remove: "DeletePublicAccessBlock",
		elements: "PublicAccessBlockConfiguration BlockPublicAcls IgnorePublicAcls BlockPublicPolicy RestrictPublicBuckets",
		initial: `<PublicAccessBlockConfiguration` + xmlns + `><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>` +
			`<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`,
		missing: gofakes3.ErrNoSuchPublicAccessBlockConfiguration, check: oneOf("", "true", "false", "TRUE", "FALSE"),
	},
	"ownershipControls": {
		get: "GetBucketOwnershipControls", put: "PutBucketOwnershipControls", remove: "DeleteBucketOwnershipControls",
		elements: "OwnershipControls Rule ObjectOwnership",
		initial:  `<OwnershipControls` + xmlns + `><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`,
		missing:  gofakes3.ErrOwnershipControlsNotFound, check: oneOf("ObjectOwnership", "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
	},
	"encryption": {
		get: "GetBucketEncryption", put: "PutBucketEncryption", remove: "DeleteBucketEncryption",
		elements: "ServerSideEncryptionConfiguration Rule ApplyServerSideEncryptionByDefault SSEAlgorithm BucketKeyEnabled",
		initial: `<ServerSideEncryptionConfiguration` + xmlns + `><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>` +
			`</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`,
		missing: gofakes3.ErrServerSideEncryptionConfigurationNotFound, check: checkEncryption,
	},
	"accelerate":     {get: "GetBucketAccelerateConfiguration", put: "PutBucketAccelerateConfiguration", initial: `<AccelerateConfiguration` + xmlns + `/>`},
	"logging":        {get: "GetBucketLogging", put: "PutBucketLogging", initial: `<BucketLoggingStatus` + xmlns + `/>`},
	"requestPayment": {get: "GetBucketRequestPayment", put: "PutBucketRequestPayment", initial: `<RequestPaymentConfiguration` + xmlns + `><Payer>BucketOwner</Payer></RequestPaymentConfiguration>`},
	"lifecycle":      {get: "GetBucketLifecycleConfiguration", put: "PutBucketLifecycleConfiguration", remove: "DeleteBucketLifecycle", missing: gofakes3.ErrNoSuchLifecycleConfiguration},
	"cors":           {get: "GetBucketCors", put: "PutBucketCors", remove: "DeleteBucketCors", missing: gofakes3.ErrNoSuchCORSConfiguration},
	"replication":    {get: "GetBucketReplication", put: "PutBucketReplication", remove: "DeleteBucketReplication", missing: gofakes3.ErrReplicationConfigurationNotFound},
	"website":        {get: "GetBucketWebsite", put: "PutBucketWebsite", remove: "DeleteBucketWebsite", missing: gofakes3.ErrNoSuchWebsiteConfiguration},
	"object-lock":    {get: "GetObjectLockConfiguration", put: "PutObjectLockConfiguration", missing: gofakes3.ErrObjectLockConfigurationNotFound},
}

// changes is the operation that puts or removes the setting.
func (of setting) changes(method string) string {
	switch method {
	case http.MethodPut:
		return of.put
	case http.MethodDelete:
		return of.remove
	}
	return ""
}

func anything(string, string) error { return nil }

// oneOf takes these values of an element, or of every one.
func oneOf(element string, values ...string) func(string, string) error {
	return func(is, value string) error {
		if element != "" && is != element || slices.Contains(values, value) {
			return nil
		}
		return gofakes3.ErrMalformedXML
	}
}

func checkEncryption(element, value string) error {
	if element == "SSEAlgorithm" && value != "AES256" {
		return refusal("PutBucketEncryption: SSEAlgorithm " + value)
	}
	return nil
}

func checkTag(element, value string) error {
	if element == "Key" && (value == "" || len(value) > 128 || strings.HasPrefix(value, "aws:")) || element == "Value" && len(value) > 256 {
		return gofakes3.ErrorMessage("InvalidTag", "The "+element+" of a tag is not valid: "+value)
	}
	return nil
}

func refusal(what string) error {
	return gofakes3.ErrorMessage(gofakes3.ErrNotImplemented, what+" is not implemented by Shakedown")
}

// serveSetting answers a request for a sub-resource of a bucket.
func (s *State) serveSetting(w http.ResponseWriter, r *http.Request, bucketName, name string, of setting) error {
	var body []byte
	switch {
	case r.Method == http.MethodPut:
		var err error
		if body, err = document(r); err == nil {
			err = of.accept(name, body)
		}
		if err != nil {
			return err
		}
	case r.Method == http.MethodGet, r.Method == http.MethodDelete && of.remove != "":
	default:
		return gofakes3.ErrMethodNotAllowed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.BucketNotFound(bucketName)
	}
	switch r.Method {
	case http.MethodPut:
		return s.putSetting(w, b, bucketName, name, body)
	case http.MethodDelete:
		return b.removeSetting(w, name)
	}
	return b.answerSetting(w, bucketName, name, of)
}

func (b *bucket) answerSetting(w http.ResponseWriter, bucketName, name string, of setting) error {
	text := b.document(name)
	switch {
	case text == "" && of.check == nil:
		return gofakes3.ErrorMessage(of.missing, "No bucket has one: "+of.get+" is not implemented by Shakedown")
	case text == "":
		return gofakes3.ResourceError(of.missing, bucketName)
	case name != "policy":
		w.Header().Set("Content-Type", "application/xml")
	}
	_, _ = io.WriteString(w, text)
	return nil
}

// putSetting keeps a document that was accepted.
func (s *State) putSetting(w http.ResponseWriter, b *bucket, bucketName, name string, body []byte) error {
	if name == "policy" {
		if b.accessBlock().BlockPublicPolicy && isPublic(body) {
			return s.blocked("PutBucketPolicy", bucketName, "policies", "BlockPublicPolicy")
		}
		b.policy, _ = parsePolicy(body) // accepted before
	}
	b.set(name, string(body))
	if name == "tagging" || name == "policy" {
		w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

func (b *bucket) removeSetting(w http.ResponseWriter, name string) error {
	b.set(name, "")
	if name == "policy" {
		b.policy = nil
	}
	if name == "encryption" { // S3 encrypts every object: back to its default.
		delete(b.settings, name)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// document is a setting's, that of a new bucket until one is put; empty is none.
func (b *bucket) document(name string) string {
	if text, put := b.settings[name]; put {
		return text
	}
	return settings[name].initial
}

func (b *bucket) set(name, text string) {
	if b.settings == nil {
		b.settings = map[string]string{}
	}
	b.settings[name] = text
}

// accept refuses a document with an element or value that nothing here acts on.
func (of setting) accept(name string, body []byte) error {
	if name == "policy" {
		_, err := parsePolicy(body)
		return err
	}
	allowed := strings.Fields(of.elements)
	var element string
	var leaf bool
	var value strings.Builder
	for d, first := xml.NewDecoder(bytes.NewReader(body)), true; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && element != "" {
			return nil
		}
		if err != nil {
			return gofakes3.ErrMalformedXML
		}
		switch token := token.(type) {
		case xml.StartElement:
			element, leaf = token.Name.Local, true
			value.Reset()
			if first && element != allowed[0] {
				return gofakes3.ErrMalformedXML
			}
			if first = false; !slices.Contains(allowed, element) {
				return refusal(of.put + ": " + element)
			}
		case xml.CharData:
			value.Write(token)
		case xml.EndElement:
			if leaf && token.Name.Local != allowed[0] {
				if err := of.check(element, strings.TrimSpace(value.String())); err != nil {
					return err
				}
			}
			leaf = false
		}
	}
}

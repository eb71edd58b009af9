package s3

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"
)

// bucketActions are the actions on a bucket by the query parameter that tells them:
// to read, to write and to delete.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var bucketActions = map[string][3]string{
	"tagging":           {"GetBucketTagging", "PutBucketTagging", "PutBucketTagging"},
	"policy":            {"GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"},
	"publicAccessBlock": {"GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock", "PutBucketPublicAccessBlock"},
	"ownershipControls": {"GetBucketOwnershipControls", "PutBucketOwnershipControls", "PutBucketOwnershipControls"},
	"encryption":        {"GetEncryptionConfiguration", "PutEncryptionConfiguration", "PutEncryptionConfiguration"},
	"accelerate":        {"GetAccelerateConfiguration", "PutAccelerateConfiguration"},
	"logging":           {"GetBucketLogging", "PutBucketLogging"},
	"requestPayment":    {"GetBucketRequestPayment", "PutBucketRequestPayment"},
	"lifecycle":         {"GetLifecycleConfiguration", "PutLifecycleConfiguration", "PutLifecycleConfiguration"},
	"cors":              {"GetBucketCORS", "PutBucketCORS", "PutBucketCORS"},
	"replication":       {"GetReplicationConfiguration", "PutReplicationConfiguration", "PutReplicationConfiguration"},
	"website":           {"GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"},
	"object-lock":       {"GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"},
	"acl":               {"GetBucketAcl", "PutBucketAcl"},
	"policyStatus":      {"GetBucketPolicyStatus"},
	"notification":      {"GetBucketNotification", "PutBucketNotification"},
	"versioning":        {"GetBucketVersioning", "PutBucketVersioning"},
	"location":          {"GetBucketLocation"},
	"versions":          {"ListBucketVersions"},
	"uploads":           {"ListBucketMultipartUploads"},
}

// objectActions are those on an object; with a version their names end in Version.
var objectActions = map[string][3]string{
	"tagging":    {"GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"},
	"acl":        {"GetObjectAcl", "PutObjectAcl"},
	"attributes": {"GetObjectAttributes"},
	"uploadId":   {"ListMultipartUploadParts", "PutObject", "AbortMultipartUpload"},
}

// conflicting refuses a request for more than one sub-resource, as S3 does: which of them
// it is about would be chance.
func conflicting(r *http.Request) error {
	_, key, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	actions := bucketActions
	if key != "" {
		actions = objectActions
	}
	var named []string
	for parameter := range r.URL.Query() {
		if _, ok := actions[parameter]; ok {
			named = append(named, parameter)
		}
	}
	if len(named) < 2 {
		return nil
	}
	slices.Sort(named)
	all := strings.Join(named, ", ")
	return gofakes3.ErrorInvalidArgument("ResourceType", all, "Conflicting query string parameters: "+all)
}

// action is what a request does, without s3:. It is empty where each key is asked for.
func action(method, key string, query url.Values) string {
	verb := map[string]int{http.MethodGet: 0, http.MethodHead: 0, http.MethodPut: 1, http.MethodPost: 1, http.MethodDelete: 2}[method]
	actions, plain := bucketActions, [3]string{"ListBucket", "CreateBucket", "DeleteBucket"}
	if key != "" {
		actions, plain = objectActions, [3]string{"GetObject", "PutObject", "DeleteObject"}
	}
	name := plain[verb]
	for parameter, of := range actions {
		if query.Has(parameter) && of[verb] != "" {
			name = of[verb]
		}
	}
	switch {
	case key == "" && method == http.MethodPost && (query.Has("delete") || len(query) == 0): // or a form
		return ""
	case key != "" && query.Get("versionId") != "" && name != "PutObject":
		return versioned(name)
	}
	return name
}

// versioned is the action on a version of an object.
func versioned(action string) string {
	switch action {
	case "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging":
		return action[:len(action)-len("Tagging")] + "VersionTagging"
	case "GetObjectAcl", "PutObjectAcl":
		return action[:len(action)-len("Acl")] + "VersionAcl"
	case "GetObjectAttributes":
		return "GetObjectVersionAttributes"
	}
	return action + "Version"
}

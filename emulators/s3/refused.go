package s3

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

// parameters are those that gofakes3 acts on. A request with any other is refused:
// as a plain one it would overwrite an object or delete a bucket.
var parameters = strings.Fields(`
	acl attributes bucket-region continuation-token delete delimiter encoding-type
	fetch-owner key-marker list-type location marker max-buckets max-keys max-parts
	max-uploads part-number-marker partNumber policyStatus prefix start-after tagging
	upload-id-marker uploadId uploads version-id-marker versionId versioning versions x-id`)

// refused are the operations that Shakedown does not have, by what of a request
// tells them: method (LIST is a GET that names no part), o for an object or b for a
// bucket, parameter.
var refused = table(`
	POST b metadataConfiguration   CreateBucketMetadataConfiguration
	GET b metadataConfiguration    GetBucketMetadataConfiguration
	DELETE b metadataConfiguration DeleteBucketMetadataConfiguration
	POST b metadataTable           CreateBucketMetadataTableConfiguration
	GET b metadataTable            GetBucketMetadataTableConfiguration
	DELETE b metadataTable         DeleteBucketMetadataTableConfiguration
	PUT b metadataInventoryTable   UpdateBucketMetadataInventoryTableConfiguration
	PUT b metadataJournalTable     UpdateBucketMetadataJournalTableConfiguration
	GET b session                  CreateSession
	GET b analytics                GetBucketAnalyticsConfiguration
	PUT b analytics                PutBucketAnalyticsConfiguration
	DELETE b analytics             DeleteBucketAnalyticsConfiguration
	GET b intelligent-tiering      GetBucketIntelligentTieringConfiguration
	PUT b intelligent-tiering      PutBucketIntelligentTieringConfiguration
	DELETE b intelligent-tiering   DeleteBucketIntelligentTieringConfiguration
	GET b inventory                GetBucketInventoryConfiguration
	PUT b inventory                PutBucketInventoryConfiguration
	DELETE b inventory             DeleteBucketInventoryConfiguration
	GET b metrics                  GetBucketMetricsConfiguration
	PUT b metrics                  PutBucketMetricsConfiguration
	DELETE b metrics               DeleteBucketMetricsConfiguration
	GET b abac                     GetBucketAbac
	PUT b abac                     PutBucketAbac
	GET o legal-hold               GetObjectLegalHold
	PUT o legal-hold               PutObjectLegalHold
	GET o retention                GetObjectRetention
	PUT o retention                PutObjectRetention
	GET o torrent                  GetObjectTorrent
	PUT o renameObject             RenameObject
	POST o restore                 RestoreObject
	POST o select                  SelectObjectContent
	PUT o encryption               UpdateObjectEncryption
	PUT o annotation               PutObjectAnnotation
	GET o annotation               GetObjectAnnotation
	LIST o annotation              ListObjectAnnotations
	DELETE o annotation            DeleteObjectAnnotation
	PUT b metadataAnnotationTable  UpdateBucketMetadataAnnotationTableConfiguration
	LIST b analytics               ListBucketAnalyticsConfigurations
	LIST b intelligent-tiering     ListBucketIntelligentTieringConfigurations
	LIST b inventory               ListBucketInventoryConfigurations
	LIST b metrics                 ListBucketMetricsConfigurations
	PUT b acl                      PutBucketAcl
	PUT o acl                      PutObjectAcl
	GET b policyStatus             GetBucketPolicyStatus
`)

func table(lines string) map[string]string {
	operations := map[string]string{}
	for line := range strings.Lines(lines) {
		if f := strings.Fields(line); len(f) == 4 {
			operations[strings.Join(f[:3], " ")] = f[3]
		}
	}
	return operations
}

// refuse names what of a request is not implemented.
func (s *State) refuse(r *http.Request, key string, query url.Values) error {
	if r.URL.Path == "/" && query.Get("x-id") == "ListDirectoryBuckets" {
		return refusal("ListDirectoryBuckets")
	}
	if r.Method == http.MethodPost && strings.Trim(r.URL.Path, "/") == "WriteGetObjectResponse" {
		return refusal("WriteGetObjectResponse")
	}
	of := "b"
	if key != "" {
		of = "o"
	}
	lists := r.Method == http.MethodGet && !query.Has("id") && !query.Has("annotationName")
	names := slices.Sorted(maps.Keys(query))
	for _, name := range names {
		if operation, ok := refused["LIST "+of+" "+name]; ok && lists {
			return refusal(operation)
		}
		if operation, ok := refused[r.Method+" "+of+" "+name]; ok {
			return refusal(operation)
		}
		if setting := settings[name]; key == "" && setting.check == nil {
			if operation := setting.changes(r.Method); operation != "" {
				return refusal(operation)
			}
		}
	}
	for _, name := range names {
		if _, ok := settings[name]; key == "" && (ok || name == "notification") {
			continue
		}
		if isOld(query) && (slices.Contains(old, name) || slices.Contains(oldHoisted, name)) { // these are headers by now
			continue
		}
		if !isAmz(name) && !strings.HasPrefix(name, "response-") && !slices.Contains(parameters, name) {
			return refusal(r.Method + " with the parameter " + name)
		}
		if encoding := query.Get(name); name == "encoding-type" && encoding != "url" {
			return gofakes3.ErrorInvalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request")
		}
		if text := query.Get(name); strings.HasPrefix(name, "max-") && text != "" {
			if n, err := strconv.ParseInt(text, 10, 32); err != nil || n < 0 {
				return gofakes3.ErrorInvalidArgument(name, text, "Argument "+name+" must be an integer between 0 and 2147483647")
			}
		}
		if region := query.Get(name); name == "bucket-region" && region != s.config.Identity.Region {
			return refusal("ListBuckets: bucket-region " + region)
		}
	}
	return nil
}

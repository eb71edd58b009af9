package fault

import (
	"net/http"
	"strings"
)

// s3Operation names a call to S3 by method and path, where buckets are the first
// segment. SDKs add the name of most operations as x-id.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
func s3Operation(r *http.Request) string {
	query := r.URL.Query()
	if id := query.Get("x-id"); id != "" {
		return id
	}
	bucket, key, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case bucket == "":
		return "ListBuckets"
	case key != "" && r.Method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		return "CopyObject"
	case key != "":
		return map[string]string{
			http.MethodPut: "PutObject", http.MethodGet: "GetObject", http.MethodHead: "HeadObject", http.MethodDelete: "DeleteObject",
		}[r.Method]
	case r.Method == http.MethodPost && query.Has("delete"):
		return "DeleteObjects"
	case r.Method == http.MethodGet && query.Get("list-type") == "2":
		return "ListObjectsV2"
	}
	return map[string]string{
		http.MethodPut: "CreateBucket", http.MethodGet: "ListObjects", http.MethodHead: "HeadBucket", http.MethodDelete: "DeleteBucket",
	}[r.Method]
}

// iotDataOperation names a call to the data plane of AWS IoT.
// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
func iotDataOperation(r *http.Request) string {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, "/topics/"):
		return "Publish"
	case strings.HasPrefix(path, "/things/") && strings.HasSuffix(path, "/shadow"):
		return map[string]string{
			http.MethodGet: "GetThingShadow", http.MethodPost: "UpdateThingShadow", http.MethodDelete: "DeleteThingShadow",
		}[r.Method]
	}
	return ""
}

// lambdaOperation names an invocation; no other call to Lambda has a name here.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func lambdaOperation(r *http.Request) string {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/invocations") {
		return "Invoke"
	}
	return ""
}

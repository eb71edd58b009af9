package s3

import (
	"net"
	"net/http"
	"regexp"
	"strings"
)

// hostedBucket finds the bucket in a host: before .s3., with a region behind it or not, as
// AWS has it, and before localhost, as SDKs make it of an endpoint http://localhost:4566.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
var hostedBucket = regexp.MustCompile(`^([a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])\.(?:s3(?:[.-][a-z0-9-]+)*\.[a-z0-9.-]+|localhost(?:\.localstack\.cloud)?)$`)

// regional are hosts that have s3 where another has the bucket.
var regional = regexp.MustCompile(`^s3(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?(?:\.localhost|\.localhost\.localstack\.cloud)?$`)

// hosted is a request for a bucket that its host names as one that its path names, of the
// host that is left.
//
//	GET http://archive.s3.localhost:4566/k   ──>   GET http://s3.localhost:4566/archive/k
func (s *State) hosted(r *http.Request) *http.Request {
	host := strings.ToLower(r.Host)
	if !strings.Contains(host, ".s3") && !strings.Contains(host, ".localhost") { // which is most
		return r
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	match := hostedBucket.FindStringSubmatch(host)
	if match == nil || regional.MatchString(host) || regional.MatchString(match[1]) {
		return r
	}
	if !strings.HasPrefix(host, match[1]+".s3") && s.isEndpoint(r, match[1]) {
		return r
	}
	own, at := *r, *r.URL
	own.Host = r.Host[len(match[1])+1:]
	at.Path = "/" + match[1] + at.Path
	if at.RawPath != "" {
		at.RawPath = "/" + match[1] + at.RawPath
	}
	own.URL = &at
	return &own
}

// isEndpoint tells a host such as aws.localhost, which may be the endpoint itself, from that
// of a bucket: there is no bucket of the name, and the request makes sense without.
func (s *State) isEndpoint(r *http.Request, name string) bool {
	if there, _ := s.BucketExists(r.Context(), name); there {
		return false
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if first == "" {
		return r.Method != http.MethodPut
	}
	there, _ := s.BucketExists(r.Context(), first)
	return there || rest == "" && r.Method == http.MethodPut && r.ContentLength == 0
}

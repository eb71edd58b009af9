// Package filter decides which messages a subscription accepts: Amazon SNS filter
// policies, over message attributes or over the message's body.
//
//	{"severity": ["CRITICAL", {"prefix": "WARN"}], "$or": [{"site": ["berlin"]}, {"temperature": [{"numeric": [">", 40]}]}]}
//
// A policy is an object whose leaves are arrays of conditions. Every key must
// match; one of its conditions is enough. A condition is a string, a number, true,
// false or null, or one of
//
//	{"anything-but": v}  v is a value, an array of values, or a prefix, suffix or wildcard
//	{"prefix": s} {"suffix": s} {"equals-ignore-case": s} {"wildcard": s}
//	{"cidr": "10.0.0.0/24"} {"exists": true} {"numeric": [">", 0, "<=", 100]}
//
// A value that is an array matches by any of its elements. Keys may nest over a
// body only. See https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
//
// Parse enforces AWS's constraints: 256 KB, five leaf keys, 150 combinations, three
// wildcards a pattern and 100 points of wildcards, numbers from -10^9 to 10^9.
// https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
package filter

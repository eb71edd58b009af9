package sns

import (
	"encoding/base64"
	"slices"
	"sort"
	"strings"
)

// Page asks for a page of a list.
type Page struct{ NextToken string }

// pageSize is how many items a page of a list has.
const pageSize = 100

// page sorts a list by its items' ARNs and cuts a page out of it. A token is the ARN that the
// page before ended with, so that who deletes what a page lists misses nothing of the next.
func page[T any](list []T, arn func(T) string, token string) ([]T, string, error) {
	list = slices.SortedFunc(slices.Values(list), func(a, b T) int { return strings.Compare(arn(a), arn(b)) })
	if token != "" {
		last, err := base64.StdEncoding.DecodeString(token)
		if err != nil || !strings.HasPrefix(string(last), "arn:") {
			return nil, "", invalid("NextToken", "it was not given out")
		}
		list = list[sort.Search(len(list), func(i int) bool { return arn(list[i]) > string(last) }):]
	}
	if len(list) <= pageSize {
		return list, "", nil
	}
	return list[:pageSize], base64.StdEncoding.EncodeToString([]byte(arn(list[pageSize-1]))), nil
}

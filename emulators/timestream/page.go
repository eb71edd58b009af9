package timestream

import "encoding/base64"

// PageRef is a page of a list: at most MaxResults items behind NextToken.
type PageRef struct {
	MaxResults *int
	NextToken  string
}

// maxResults is a page's largest size (API reference, ListTables).
const maxResults = 20

// page cuts a sorted list; a page has at most most. A token names the last item of its page, so that a
// deleted item neither skips nor repeats another.
func page[T any](items []T, ref PageRef, most int, name func(T) string) ([]T, string, error) {
	size := most
	if ref.MaxResults != nil {
		size = *ref.MaxResults
	}
	if size < 1 || size > most {
		return nil, "", validation("MaxResults %d is not between 1 and %d", size, most)
	}
	after, err := base64.RawURLEncoding.DecodeString(ref.NextToken)
	if err != nil {
		return nil, "", validation("NextToken was not given out by this service")
	}
	for len(items) > 0 && len(after) > 0 && name(items[0]) <= string(after) {
		items = items[1:]
	}
	if len(items) <= size {
		return items, "", nil
	}
	return items[:size], base64.RawURLEncoding.EncodeToString([]byte(name(items[size-1]))), nil
}

package logs

import (
	"encoding/base64"
	"slices"
	"strings"
)

// maxPage is the largest page of a list, and the default.
const maxPage = 50

// Page asks for a page of a list.
type Page struct {
	Limit     *int   `json:"limit"`
	NextToken string `json:"nextToken"`
}

// cut cuts a page out of a list in the order of its keys. The token is the key of the
// last item before it, which may have gone since.
func cut[T any](items []T, page Page, descending bool, key func(T) string) ([]T, string, error) {
	size := maxPage
	if page.Limit != nil {
		if size = *page.Limit; size < 1 || size > maxPage {
			return nil, "", invalid("Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", size, maxPage)
		}
	}
	if page.NextToken != "" {
		last, err := base64.RawURLEncoding.DecodeString(page.NextToken)
		if err != nil {
			return nil, "", invalid(invalidNextPage)
		}
		at, found := slices.BinarySearchFunc(items, string(last), func(item T, last string) int {
			if descending {
				return strings.Compare(last, key(item))
			}
			return strings.Compare(key(item), last)
		})
		if found {
			at++
		}
		items = items[at:]
	}
	if len(items) <= size {
		return items, "", nil
	}
	return items[:size], base64.RawURLEncoding.EncodeToString([]byte(key(items[size-1]))), nil
}

package logs

import "encoding/base64"

// maxPage is the largest page of a list, and the default.
const maxPage = 50

// Page asks for a page of a list.
type Page struct {
	Limit     *int   `json:"limit"`
	NextToken string `json:"nextToken"`
}

// cut cuts a page out of a list; the token is the key of the last item before it.
func cut[T any](items []T, page Page, key func(T) string) ([]T, string, error) {
	size := maxPage
	if page.Limit != nil {
		if size = *page.Limit; size < 1 || size > maxPage {
			return nil, "", invalid("Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", size, maxPage)
		}
	}
	if page.NextToken != "" {
		last, err := base64.RawURLEncoding.DecodeString(page.NextToken)
		if err != nil {
			return nil, "", invalid("The specified nextToken is invalid.")
		}
		at := 0
		for at < len(items) && key(items[at]) != string(last) {
			at++
		}
		items = items[min(at+1, len(items)):]
	}
	if len(items) <= size {
		return items, "", nil
	}
	return items[:size], base64.RawURLEncoding.EncodeToString([]byte(key(items[size-1]))), nil
}

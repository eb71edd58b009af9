package registry

import (
	"encoding/base64"
	"strconv"
)

// maxPage is the largest page of a list operation.
const maxPage = 250

// Page cuts one page out of a list: at most size items (0 means 250) after the
// token of the page before. It returns the token of the next page, empty at the end.
func Page[T any](items []T, size int, token string) ([]T, string, error) {
	if size == 0 {
		size = maxPage
	}
	if size < 1 || size > maxPage {
		return nil, "", invalid("a page has 1 to %d items, not %d", maxPage, size)
	}
	at := 0
	if token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		if err == nil {
			at, err = strconv.Atoi(string(text))
		}
		if err != nil || at < 0 {
			return nil, "", invalid("the page token %q is not one of this service", token)
		}
	}
	at = min(at, len(items))
	end := min(at+size, len(items))
	next := ""
	if end < len(items) {
		next = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return items[at:end], next, nil
}

// pageOf is a Page with each item as an answer has it; the list is never null.
func pageOf[T, I any](items []T, size int, token string, item func(T) I) ([]I, string, error) {
	page, next, err := Page(items, size, token)
	if err != nil {
		return nil, "", err
	}
	out := make([]I, len(page))
	for i, x := range page {
		out[i] = item(x)
	}
	return out, next, nil
}

package scheduler

import (
	"cmp"
	"encoding/base64"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxPage is the largest page of a list, and the default.
const maxPage = 100

// page is the first keys of what matches behind a token, in order, and the token of the next
// page: the last key, which may have gone since.
func page[T any](all map[string]T, most int32, token string, matches func(T) bool) (keys []string, next string, err error) {
	after, err := base64.RawURLEncoding.DecodeString(token)
	switch {
	case most < 0 || most > maxPage:
		return nil, "", wire.Errorf(codeInvalid, 0, "MaxResults %d is not between 1 and %d", most, maxPage)
	case err != nil:
		return nil, "", wire.Errorf(codeInvalid, 0, "NextToken %q is not one of this service", token)
	}
	n := cmp.Or(int(most), maxPage) + 1
	for key, one := range all {
		if key <= string(after) || !matches(one) || len(keys) == n && key > keys[n-1] {
			continue
		}
		at, _ := slices.BinarySearch(keys, key)
		keys = slices.Insert(keys, at, key)
		keys = keys[:min(len(keys), n)]
	}
	if len(keys) < n {
		return keys, "", nil
	}
	keys = keys[:n-1]
	return keys, base64.RawURLEncoding.EncodeToString([]byte(keys[n-2])), nil
}

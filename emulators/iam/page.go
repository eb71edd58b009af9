package iam

import "strconv"

// Paging is what an answer says of its place in a list.
type Paging struct {
	IsTruncated bool
	Marker      string `xml:",omitempty"`
}

// maxItems is how many items an answer has when the request does not say.
const maxItems = 100

// page cuts a list to the page that a request asks for. A marker is the offset
// of the page in the list.
func page[T any](list []T, marker string, items int32) ([]T, Paging, error) {
	from, err := 0, error(nil)
	if marker != "" {
		if from, err = strconv.Atoi(marker); err != nil || from < 1 {
			return nil, Paging{}, invalid("Invalid Marker.")
		}
	}
	if items == 0 {
		items = maxItems
	}
	if items < 1 || items > 1000 {
		return nil, Paging{}, invalid("MaxItems is 1 to 1000, not %d", items)
	}
	from = min(from, len(list))
	to := min(from+int(items), len(list))
	if to == len(list) {
		return list[from:to], Paging{}, nil
	}
	return list[from:to], Paging{true, strconv.Itoa(to)}, nil
}

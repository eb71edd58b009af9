package sqs

import (
	"encoding/base64"
	"sort"
	"strings"
)

// maxPage is how many URLs a page of a list has at most.
const maxPage = 1000

// page sorts and cuts a list of URLs. A token, which only who sets MaxResults gets, is the
// last URL of the page before.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
func (s *State) page(urls []string, results *int, token string) (page []string, next string, err error) {
	most := maxPage
	if results != nil {
		most = *results
	}
	if most < 1 || most > maxPage {
		return nil, "", invalid("Value %d for parameter MaxResults is invalid. Reason: Must be between 1 and %d.", most, maxPage)
	}
	sort.Strings(urls)
	if token != "" {
		last, err := base64.StdEncoding.DecodeString(token)
		if err != nil || !strings.HasPrefix(string(last), s.url("")) {
			return nil, "", invalid("Value %.100s for parameter NextToken is invalid.", token)
		}
		urls = urls[sort.Search(len(urls), func(i int) bool { return urls[i] > string(last) }):]
	}
	if len(urls) <= most {
		return urls, "", nil
	}
	if results != nil {
		next = base64.StdEncoding.EncodeToString([]byte(urls[most-1]))
	}
	return urls[:most], next, nil
}

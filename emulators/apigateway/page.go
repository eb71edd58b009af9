package apigateway

import (
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Parts asks for a page of the parts of an API; without MaxResults all come at once.
type Parts struct {
	ApiId      string `path:"ApiId" json:"-"`
	MaxResults string `query:"maxResults" json:"-"`
	NextToken  string `query:"nextToken" json:"-"`
}

// page cuts a list to the page that is asked for; the token of the next one is where that
// begins.
func page[T any](all []T, maxResults, token string) (items []T, next string, err error) {
	from, most := 0, len(all)
	if token != "" {
		if from, err = strconv.Atoi(token); err != nil || from < 1 {
			return nil, "", wire.Errorf(codeInvalid, 0, "nextToken %q is none that was answered", token)
		}
	}
	if maxResults != "" {
		if most, err = strconv.Atoi(maxResults); err != nil || most < 1 {
			return nil, "", wire.Errorf(codeInvalid, 0, "maxResults %q is no number above 0", maxResults)
		}
	}
	from = min(from, len(all))
	to := from + min(most, len(all)-from)
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

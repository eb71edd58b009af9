package kinesis

import "github.com/shakedown-iot/shakedown/emulators/wire"

// maxPage bounds the pages of all lists but those of tags.
const maxPage = 10_000

// most is how many a call asks for at most in the member named, which may be as large
// as bound; page is for a call that does not say, and what more than it comes to.
func most(asked *int, member string, bound, page int) (int, error) {
	switch {
	case asked == nil:
		return page, nil
	case *asked < 1 || *asked > bound:
		return 0, wire.Errorf("ValidationException", 0, "%s %d is not between 1 and %d", member, *asked, bound)
	}
	return min(*asked, page), nil
}

package dynamodb

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// maxPage is how many bytes of items a page reads.
const maxPage = 1 << 20

// span is the encoded keys from low up to, not including, high; an empty high
// is no bound. after is the key to go on from, not included; empty is none.
type span struct {
	low, high, after string
	descending       bool
}

// walk calls f with the records of the span in order until it is false.
func (sp span) walk(t *tree, f func(*record) bool) {
	visit := func(key string, r *record) bool {
		switch {
		case key == sp.after:
			return true
		case sp.descending && key >= sp.high && sp.high != "":
			return true // the pivot itself
		case key < sp.low || sp.high != "" && key >= sp.high:
			return false
		}
		return f(r)
	}
	switch {
	case sp.descending && sp.after != "":
		t.Descend(sp.after, visit)
	case sp.descending:
		t.Descend(sp.high, visit)
	default:
		t.Ascend(max(sp.low, sp.after), visit)
	}
}

// inside tells whether a key is in the span.
func (sp span) inside(key string) bool {
	return key >= sp.low && (sp.high == "" || key < sp.high)
}

// successor is the first key after all that begin with prefix; empty when there
// is none.
func successor(prefix []byte) string {
	for n := len(prefix); n > 0; n-- {
		if prefix[n-1] != 0xff {
			end := append([]byte(nil), prefix[:n]...)
			end[n-1]++
			return string(end)
		}
	}
	return ""
}

// page is the items one call reads.
type page struct {
	items []attribute.Item
	// last is the record to go on from; nil when the span has ended.
	last *record
	// size is what was read, in bytes; fetched what of each item in the table.
	size    int
	fetched []int
}

// page reads at most limit items (0 is no limit) and 1 MB; the caller holds the
// lock. A page that ends at its limit answers a key to go on from even when
// nothing follows, as the service does.
func (src *source) page(sp span, limit int) page {
	var p page
	var at *record
	sp.walk(src.tree, func(r *record) bool {
		item, n := src.view(r), r.size
		if src.index != nil {
			n = src.index.sizeOf(r)
		}
		if p.size+n > maxPage && at != nil {
			p.last = at
			return false
		}
		p.size += n
		if src.fetch {
			p.fetched = append(p.fetched, r.size)
		}
		at = r
		p.items = append(p.items, item)
		if len(p.items) == limit {
			p.last = at
			return false
		}
		return true
	})
	return p
}

// answer filters and projects a page.
func (in *Read) answer(src *source, p page, e *bound) *ReadOutput {
	out := &ReadOutput{ScannedCount: len(p.items)}
	if p.last != nil {
		out.LastEvaluatedKey = src.lastKey(p.last)
	}
	e.report.read(in.TableName, src.table, src.index, p.size, in.ConsistentRead)
	for _, size := range p.fetched {
		e.report.read(in.TableName, src.table, nil, size, in.ConsistentRead)
	}
	out.ConsumedCapacity = e.report.one()
	items := []attribute.Item{}
	for _, item := range p.items {
		if e.filter != nil && !e.filter.Holds(item) {
			continue
		}
		out.Count++
		if in.Select != "COUNT" {
			items = append(items, projected(e.projection, item))
		}
	}
	if in.Select != "COUNT" {
		out.Items = &items
	}
	return out
}

func (in *Read) limit() int {
	if in.Limit == nil {
		return 0
	}
	return *in.Limit
}

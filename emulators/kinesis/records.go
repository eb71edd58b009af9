package kinesis

import (
	"sort"
	"time"
)

// block is how much memory a shard takes at once, in bytes; it is free again when
// the last record in it has expired.
const block = 64 << 10

// records are those of a shard, oldest first: keys and data side by side in blocks,
// and where they are. A shard of a day is some thousand objects, not a million.
type records struct {
	list   []stored
	blocks [][]byte
	gone   int // blocks that were there before the first
}

// stored is where a record is. Its sequence follows from its place in the list.
type stored struct {
	at    int64 // of arrival, Unix ns
	block uint32
	from  uint32 // in the block: the key, then the data
	data  uint32 // bytes
	key   uint16 // bytes
}

func (r *records) len() int { return len(r.list) }

// add keeps a copy of a record.
func (r *records) add(key string, data []byte, now time.Time) {
	n := len(key) + len(data)
	last := len(r.blocks) - 1
	if last < 0 || len(r.blocks[last])+n > cap(r.blocks[last]) {
		r.blocks = append(r.blocks, make([]byte, 0, max(block, n)))
		last++
	}
	to := &r.blocks[last]
	r.list = append(r.list, stored{
		at: now.UnixNano(), block: uint32(r.gone + last), from: uint32(len(*to)), key: uint16(len(key)), data: uint32(len(data)),
	})
	*to = append(append(*to, key...), data...)
}

// get is a record's key and data; the caller must not change it.
func (r *records) get(i int) (key string, data []byte, at time.Time) {
	s := r.list[i]
	in := r.blocks[int(s.block)-r.gone][s.from:]
	end := int(s.key) + int(s.data)
	return string(in[:s.key]), in[s.key:end:end], time.Unix(0, s.at)
}

// since is the place of the first record that arrived at or after a time.
func (r *records) since(at int64) int {
	return sort.Search(len(r.list), func(i int) bool { return r.list[i].at >= at })
}

// drop forgets the first n records, and blocks that hold no others.
func (r *records) drop(n int) {
	r.list = r.list[n:]
	keep := len(r.blocks) - 1 // the last one goes on
	if len(r.list) > 0 {
		keep = int(r.list[0].block) - r.gone
	}
	if keep > 0 {
		clear(r.blocks[:keep])
		r.blocks, r.gone = r.blocks[keep:], r.gone+keep
	}
}

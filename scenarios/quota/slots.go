package quota

import (
	"crypto/md5"
	"encoding/binary"
)

// slots are equal parts of the hash space of partition keys. From what one second
// puts into each follows how many shards that second needs; more shards than slots
// are not looked for.
const slots = 1 << 10

// spread finds the smallest number of shards that every second would have fit on.
type spread struct {
	limits Quotas
	second int64
	total  [2]int64 // records and bytes of the second
	count  [slots]int32
	bytes  [slots]int32
	needed int
}

func (s *spread) add(second int64, key string, bytes int64) {
	if second > s.second {
		s.needed = s.least()
		s.second, s.total, s.count, s.bytes = second, [2]int64{}, [slots]int32{}, [slots]int32{}
	}
	slot := slotOf(key)
	s.count[slot]++
	s.bytes[slot] += int32(bytes)
	s.total[0]++
	s.total[1] += bytes
}

// slotOf is the place of a key's MD5 in the hash space (AWS.md §3).
func slotOf(key string) int {
	sum := md5.Sum([]byte(key))
	return int(binary.BigEndian.Uint16(sum[:])) / (1 << 16 / slots)
}

// least is how many shards this second needs, or one before; most need no more
// than one before.
func (s *spread) least() int {
	if s.total[0] == 0 {
		return s.needed
	}
	n := max(s.needed, 1)
	for n <= slots && !s.fits(n) {
		n++
	}
	return n
}

// fits tells whether the second would have fit on n equal shards.
func (s *spread) fits(n int) bool {
	if s.total[0] <= s.limits.ShardRecords && s.total[1] <= s.limits.ShardBytes {
		return true
	}
	if s.total[0] > int64(n)*s.limits.ShardRecords || s.total[1] > int64(n)*s.limits.ShardBytes {
		return false
	}
	shard, count, bytes := 0, int64(0), int64(0)
	for slot := range slots {
		if of := slot * n / slots; of != shard {
			shard, count, bytes = of, 0, 0
		}
		count += int64(s.count[slot])
		bytes += int64(s.bytes[slot])
		if count > s.limits.ShardRecords || bytes > s.limits.ShardBytes {
			return false
		}
	}
	return true
}

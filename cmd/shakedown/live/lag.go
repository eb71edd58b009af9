package live

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// lag is how far a function is behind on the shards that it reads.
type lag struct {
	traffic.FunctionCount
	reads  bool
	known  bool
	total  int64
	shards []shardLag
}

type shardLag struct {
	id     string
	behind int64
}

// lags are the functions, those that read a stream first.
func lags(s traffic.Snapshot) []lag {
	list := make([]lag, len(s.Functions))
	for i, f := range s.Functions {
		list[i] = lag{FunctionCount: f}
		for _, r := range s.Readers {
			if r.Function == f.Name {
				list[i].add(s, r.Reader)
			}
		}
		slices.SortFunc(list[i].shards, func(a, b shardLag) int {
			return cmp.Or(cmp.Compare(b.behind, a.behind), cmp.Compare(a.id, b.id))
		})
	}
	slices.SortStableFunc(list, func(a, b lag) int {
		if a.reads != b.reads {
			return map[bool]int{true: -1, false: 1}[a.reads]
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return list
}

// add enters a shard. Which stream it is of only the mapping knows; where several
// streams have a shard of that name, nobody here does.
func (l *lag) add(s traffic.Snapshot, r traffic.Reader) {
	l.reads = true
	streams := 0
	for _, shard := range s.Shards {
		if shard.ID != r.Shard {
			continue
		}
		streams++
		if behind, known := s.Behind(shard.Stream, r); known && streams == 1 {
			l.shards = append(l.shards, shardLag{strings.TrimLeft(strings.TrimPrefix(r.Shard, "shardId-"), "0"), behind})
			l.total += behind
		}
	}
	l.known = streams == 1
}

// lagHead and the lines under it have these columns; shards take the rest.
const lagHead = "functions             behind  running  failed  retried  by shard, worst first"

// lagLines are the functions, at most so many.
func (m *Model) lagLines(most int) []string {
	list := lags(m.now.Traffic)
	if len(list) == 0 || most < 2 {
		return nil
	}
	lines := []string{faint(lagHead)}
	for i, l := range list {
		if len(lines) == most-1 && i < len(list)-1 {
			return append(lines, faint(fmt.Sprintf("and %d more functions", len(list)-i)))
		}
		lines = append(lines, l.line())
	}
	return lines
}

func (l lag) line() string {
	behind, shards := "", ""
	if l.reads {
		behind, shards = "?", faint("not counted here")
	}
	if l.known {
		behind, shards = count(int(l.total)), l.byShard()
	}
	line := fmt.Sprintf("%-20.20s %7s %8d %s %8s  %s", strings.TrimPrefix(l.Name, "iot-"), behind, l.Running(),
		alarming(fmt.Sprintf("%7s", count(int(l.Failed))), l.Failed), count(int(l.Retried)), shards)
	return strings.TrimRight(line, " ")
}

// shownShards bounds the shards of a line.
const shownShards = 5

func (l lag) byShard() string {
	var words []string
	for i, s := range l.shards {
		if i == shownShards {
			words = append(words, fmt.Sprintf("… of %d", len(l.shards)))
			break
		}
		id := s.id
		if id == "" {
			id = "0"
		}
		words = append(words, fmt.Sprintf("%s:%s", id, count(int(s.behind))))
	}
	return strings.Join(words, " ")
}

package live

import (
	"sort"
	"time"
)

// mark is the counters at one look.
type mark struct {
	at      time.Time
	elapsed time.Duration // in the run's clock
	values  [rows]int
}

// mostMarks bounds a history; when it is full every second mark goes.
const mostMarks = 1024

// history is the marks of a whole run, the further apart the longer it is.
type history struct {
	marks []mark
	step  int // looks a mark
	since int
	last  mark
}

func (h *history) add(m mark) {
	h.last = m
	h.step = max(h.step, 1)
	if h.since++; h.since < h.step && len(h.marks) > 0 {
		return
	}
	h.since = 0
	if len(h.marks) == mostMarks {
		for i := range mostMarks / 2 {
			h.marks[i] = h.marks[2*i]
		}
		h.marks = h.marks[:mostMarks/2]
		h.step *= 2
	}
	h.marks = append(h.marks, m)
}

// rateSpan is the real time over which a rate is taken.
const rateSpan = 2 * time.Second

// rate is how many a second of the run's clock there were lately.
func (h *history) rate(r row) float64 {
	before := h.last
	for i := len(h.marks) - 1; i >= 0; i-- {
		before = h.marks[i]
		if h.last.at.Sub(before.at) >= rateSpan {
			break
		}
	}
	took := h.last.elapsed - before.elapsed
	if took <= 0 {
		return 0
	}
	return float64(h.last.values[r]-before.values[r]) / took.Seconds()
}

// shape is the run so far in so many columns: of connected devices the number, of
// everything else what was added.
func (h *history) shape(r row, columns int) []float64 {
	total := h.last.elapsed
	if total <= 0 || columns < 1 {
		return nil
	}
	shape := make([]float64, columns)
	before := 0.0
	for c := range columns {
		value := h.at(r, total*time.Duration(c+1)/time.Duration(columns))
		shape[c] = value - before
		if r == connected {
			shape[c] = value
		}
		before = value
	}
	return shape
}

// at is the value of a row at a time of the run's clock. Between two marks it is on
// a straight line: columns and looks that fall out of step would draw a comb.
func (h *history) at(r row, elapsed time.Duration) float64 {
	i := sort.Search(len(h.marks), func(i int) bool { return h.marks[i].elapsed >= elapsed })
	from, to := mark{}, h.last
	if i > 0 {
		from = h.marks[i-1]
	}
	if i < len(h.marks) {
		to = h.marks[i]
	}
	if to.elapsed <= from.elapsed {
		return float64(to.values[r])
	}
	share := float64(elapsed-from.elapsed) / float64(to.elapsed-from.elapsed)
	return float64(from.values[r]) + share*float64(to.values[r]-from.values[r])
}

var sparks = []rune("▁▂▃▄▅▆▇█")

// sparkline draws a shape; what is more than nothing is higher than nothing.
func sparkline(shape []float64) string {
	highest := 0.0
	for _, v := range shape {
		highest = max(highest, v)
	}
	line := make([]rune, len(shape))
	for i, v := range shape {
		line[i] = sparks[0]
		if v > 0 {
			line[i] = sparks[max(1, int(v/highest*float64(len(sparks)-1)+0.5))]
		}
	}
	return string(line)
}

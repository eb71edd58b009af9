package reports

import "time"

// hopBar is a hop of a slow message as the piece of a bar from the hop before it.
type hopBar struct {
	Hop
	Took        time.Duration
	From, Width string // per cent of the whole way
}

// Bars are the hops with the time that each took.
func (s Slowest) Bars() []hopBar {
	var list []hopBar
	whole := time.Duration(1)
	for _, h := range s.Hops {
		whole = max(whole, h.After)
	}
	before := time.Duration(0)
	for _, h := range s.Hops {
		list = append(list, hopBar{h, h.After - before,
			percent(float64(before) / float64(whole)), percent(max(float64(h.After-before)/float64(whole), 0.004))})
		before = h.After
	}
	return list
}

// Longest is the hop that took longest.
func (s Slowest) Longest() hopBar {
	var longest hopBar
	for _, b := range s.Bars() {
		if b.Took >= longest.Took {
			longest = b
		}
	}
	return longest
}

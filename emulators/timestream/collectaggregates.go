package timestream

import (
	"math"
	"slices"
	"sort"
)

// collectMakers keep values: arrays, time series, percentiles, several extremes.
var collectMakers = map[string]maker{
	"array_agg": func(args []expr) (kind, func() aggregate) {
		if len(args) != 1 || args[0].kind.nested() >= maxNested {
			return 0, nil
		}
		k := args[0].kind
		return k.array(), func() aggregate { return &gathered{kind: k} }
	},
	"create_time_series": func(args []expr) (kind, func() aggregate) {
		if len(args) != 2 || args[0].kind != timestamp || args[1].kind > 15 || args[1].kind == unknown {
			return 0, nil
		}
		k := args[1].kind
		return k.series(), func() aggregate { return &seriesOf{kind: k} }
	},
	"approx_percentile": percentiles,
}

// gathered is an array of all values, also of null.
type gathered struct {
	kind  kind
	items []value
}

func (g *gathered) add(args []value) { g.items = append(g.items, args[0]) }

func (g *gathered) result() (value, error) {
	if g.items == nil {
		return nullOf(g.kind.array()), nil
	}
	return arrayValue(g.kind, slices.Clone(g.items)), nil
}

// seriesOf is a time series: sorted by time, each time once, no value null.
// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.views.html
type seriesOf struct {
	kind  kind
	null  bool
	at    []int64
	items []value
}

func (s *seriesOf) add(args []value) {
	if args[0].null || args[1].null {
		s.null = true
		return
	}
	s.at, s.items = append(s.at, args[0].i), append(s.items, args[1])
}

func (s *seriesOf) result() (value, error) {
	if s.null {
		return nullOf(s.kind.series()), invalid("CREATE_TIME_SERIES: time and value cannot be null")
	}
	order := make([]int, len(s.at))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return s.at[order[i]] < s.at[order[j]] })
	out := &list{at: make([]int64, 0, len(order))}
	for i, from := range order {
		if i > 0 && s.at[from] == out.at[i-1] {
			return nullOf(s.kind.series()), invalid("CREATE_TIME_SERIES: the time %s stands twice", ofTime(s.at[from]).text())
		}
		out.at, out.items = append(out.at, s.at[from]), append(out.items, s.items[from])
	}
	return value{kind: s.kind.series(), list: out}, nil
}

// percentiles is approx_percentile(x, [weight,] percentage | array [, accuracy]).
// It is exact: the value at rank ceil(p · n).
func percentiles(args []expr) (kind, func() aggregate) {
	if len(args) < 2 || len(args) > 4 || !isNumber(args[0].kind) {
		return 0, nil
	}
	p := &percentile{kind: args[0].kind}
	at := 1
	if len(args) > 2 {
		if !isInteger(args[1].kind) {
			return 0, nil
		}
		p.weighted, at = true, 2
	}
	if len(args) == 4 {
		if accuracy, ok := constantOf(args[3]); !ok || !isNumber(accuracy.kind) || accuracy.number() <= 0 || accuracy.number() >= 1 {
			return 0, nil
		}
	}
	wanted, ok := constantOf(args[at])
	if !ok || wanted.null {
		return 0, nil
	}
	result := p.kind
	items := []value{wanted}
	if wanted.list != nil {
		items, result, p.array = wanted.list.items, p.kind.array(), true
	}
	for _, w := range items {
		if !isNumber(w.kind) || w.null || w.number() < 0 || w.number() > 1 {
			return 0, nil
		}
		p.wanted = append(p.wanted, w.number())
	}
	return result, func() aggregate {
		again := *p
		return &again
	}
}

type percentile struct {
	kind     kind
	weighted bool
	array    bool
	wanted   []float64
	values   []value
	weights  []int64
	bad      bool
}

func (p *percentile) add(args []value) {
	if args[0].null {
		return
	}
	weight := int64(1)
	if p.weighted {
		weight = args[1].i
		p.bad = p.bad || args[1].null || weight < 1 || weight > math.MaxInt32
	}
	p.values, p.weights = append(p.values, args[0]), append(p.weights, weight)
}

func (p *percentile) result() (value, error) {
	of := p.kind
	if p.array {
		of = of.array()
	}
	if p.bad {
		return nullOf(of), invalid("percentile weight must be > 0")
	}
	if len(p.values) == 0 {
		return nullOf(of), nil
	}
	order := make([]int, len(p.values))
	total := int64(0)
	for i := range order {
		order[i] = i
		total += p.weights[i]
	}
	sort.SliceStable(order, func(i, j int) bool { return compare(p.values[order[i]], p.values[order[j]]) < 0 })
	var found []value
	for _, part := range p.wanted {
		rank := int64(math.Ceil(part * float64(total)))
		i := 0
		for sum := p.weights[order[0]]; sum < rank && i < len(order)-1; sum += p.weights[order[i]] {
			i++
		}
		found = append(found, p.values[order[i]])
	}
	if !p.array {
		return found[0], nil
	}
	return arrayValue(p.kind, found), nil
}

// topmost keeps the n values with the largest or smallest keys.
type topmost struct {
	sign, by, n int
	kind        kind
	found       []sortable
}

func (t *topmost) add(args []value) {
	key := args[t.by]
	if key.null {
		return
	}
	i := sort.Search(len(t.found), func(i int) bool { return compare(t.found[i].keys[0], key)*t.sign < 0 })
	if i == t.n {
		return
	}
	t.found = slices.Insert(t.found, i, sortable{[]value{args[0]}, []value{key}})
	t.found = t.found[:min(len(t.found), t.n)]
}

func (t *topmost) result() (value, error) {
	if len(t.found) == 0 {
		return nullOf(t.kind.array()), nil
	}
	var items []value
	for _, f := range t.found {
		items = append(items, f.values[0])
	}
	return arrayValue(t.kind, items), nil
}

package timestream

import (
	"math"
	"slices"
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// collectMakers keep values: arrays, time series, percentiles, several extremes.
var collectMakers = map[string]maker{
	"array_agg": func(args []expr) (value.Kind, func() aggregate) {
		if len(args) != 1 || !args[0].kind.Nestable() {
			return value.Unknown, nil
		}
		k := args[0].kind
		return k.Array(), func() aggregate { return &gathered{kind: k} }
	},
	"create_time_series": func(args []expr) (value.Kind, func() aggregate) {
		if len(args) != 2 || args[0].kind != value.Timestamp || !args[1].kind.IsScalar() || args[1].kind == value.Unknown {
			return value.Unknown, nil
		}
		k := args[1].kind
		return k.Series(), func() aggregate { return &seriesOf{kind: k} }
	},
	"approx_percentile": percentiles,
}

// gathered is an array of all values, also of null.
type gathered struct {
	kind  value.Kind
	items []value.Value
	bytes int
}

func (g *gathered) add(args []value.Value) {
	g.items = append(g.items, args[0])
	g.bytes += args[0].Size()
}

func (g *gathered) held() int { return g.bytes }

func (g *gathered) result() (value.Value, error) {
	if g.items == nil {
		return value.NullOf(g.kind.Array()), nil
	}
	return value.OfArray(g.kind, slices.Clone(g.items)), nil
}

// seriesOf is a time series: sorted by time, each time once, no value null.
// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.views.html
type seriesOf struct {
	kind  value.Kind
	null  bool
	at    []int64
	items []value.Value
	bytes int
}

func (s *seriesOf) held() int { return s.bytes }

func (s *seriesOf) add(args []value.Value) {
	if args[0].Null || args[1].Null {
		s.null = true
		return
	}
	s.at, s.items = append(s.at, args[0].I), append(s.items, args[1])
	s.bytes += 8 + args[1].Size()
}

func (s *seriesOf) result() (value.Value, error) {
	if s.null {
		return value.NullOf(s.kind.Series()), invalid("CREATE_TIME_SERIES: time and value cannot be null")
	}
	order := make([]int, len(s.at))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return s.at[order[i]] < s.at[order[j]] })
	out := &value.List{At: make([]int64, 0, len(order))}
	for i, from := range order {
		if i > 0 && s.at[from] == out.At[i-1] {
			return value.NullOf(s.kind.Series()), invalid("CREATE_TIME_SERIES: the time %s stands twice", value.OfTime(s.at[from]).Text())
		}
		out.At, out.Items = append(out.At, s.at[from]), append(out.Items, s.items[from])
	}
	return value.Value{Kind: s.kind.Series(), List: out}, nil
}

// percentiles is approx_percentile(x, [weight,] percentage | array [, accuracy]).
// It is exact: the value at rank ceil(p · n).
func percentiles(args []expr) (value.Kind, func() aggregate) {
	if len(args) < 2 || len(args) > 4 || !value.IsNumber(args[0].kind) {
		return value.Unknown, nil
	}
	p := &percentile{kind: args[0].kind}
	at := 1
	if len(args) > 2 {
		if !value.IsInteger(args[1].kind) {
			return value.Unknown, nil
		}
		p.weighted, at = true, 2
	}
	if len(args) == 4 {
		if accuracy, ok := constantOf(args[3]); !ok || !value.IsNumber(accuracy.Kind) || accuracy.Number() <= 0 || accuracy.Number() >= 1 {
			return value.Unknown, nil
		}
	}
	wanted, ok := constantOf(args[at])
	if !ok || wanted.Null {
		return value.Unknown, nil
	}
	result := p.kind
	items := []value.Value{wanted}
	if wanted.List != nil {
		items, result, p.array = wanted.List.Items, p.kind.Array(), true
	}
	for _, w := range items {
		if !value.IsNumber(w.Kind) || w.Null || w.Number() < 0 || w.Number() > 1 {
			return value.Unknown, nil
		}
		p.wanted = append(p.wanted, w.Number())
	}
	return result, func() aggregate {
		again := *p
		return &again
	}
}

type percentile struct {
	kind     value.Kind
	weighted bool
	array    bool
	wanted   []float64
	values   []value.Value
	weights  []int64
	bad      bool
}

func (p *percentile) add(args []value.Value) {
	if args[0].Null {
		return
	}
	weight := int64(1)
	if p.weighted {
		weight = args[1].I
		p.bad = p.bad || args[1].Null || weight < 1 || weight > math.MaxInt32
	}
	p.values, p.weights = append(p.values, args[0]), append(p.weights, weight)
}

func (p *percentile) held() int { return len(p.values) * (8 + value.Null.Size()) }

func (p *percentile) result() (value.Value, error) {
	of := p.kind
	if p.array {
		of = of.Array()
	}
	if p.bad {
		return value.NullOf(of), invalid("percentile weight must be > 0")
	}
	if len(p.values) == 0 {
		return value.NullOf(of), nil
	}
	order := make([]int, len(p.values))
	total := int64(0)
	for i := range order {
		order[i] = i
		total += p.weights[i]
	}
	sort.SliceStable(order, func(i, j int) bool { return value.Compare(p.values[order[i]], p.values[order[j]]) < 0 })
	var found []value.Value
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
	return value.OfArray(p.kind, found), nil
}

// topmost keeps the n values with the largest or smallest keys.
type topmost struct {
	sign, by, n int
	kind        value.Kind
	found       []sortable
	bytes       int
}

func (t *topmost) held() int { return t.bytes }

func (t *topmost) add(args []value.Value) {
	key := args[t.by]
	if key.Null {
		return
	}
	i := sort.Search(len(t.found), func(i int) bool { return value.Compare(t.found[i].keys[0], key)*t.sign < 0 })
	if i == t.n {
		return
	}
	t.found = slices.Insert(t.found, i, sortable{[]value.Value{args[0]}, []value.Value{key}})
	t.bytes += t.found[i].size()
	if len(t.found) > t.n {
		t.bytes -= t.found[t.n].size()
		t.found[t.n] = sortable{}
		t.found = t.found[:t.n]
	}
}

func (s sortable) size() int { return s.values[0].Size() + s.keys[0].Size() }

func (t *topmost) result() (value.Value, error) {
	if len(t.found) == 0 {
		return value.NullOf(t.kind.Array()), nil
	}
	var items []value.Value
	for _, f := range t.found {
		items = append(items, f.values[0])
	}
	return value.OfArray(t.kind, items), nil
}

package expression

import (
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// maxCached bounds the syntax trees kept of each kind; programs use few.
const maxCached = 512

// Cache reads expressions and keeps their syntax trees. The zero Cache is
// ready; it may be used by several goroutines.
type Cache struct {
	conditions  trees[*node]
	updates     trees[[]action]
	projections trees[[]attribute.Path]
}

// Condition reads and binds a condition or filter.
func (c *Cache) Condition(kind Kind, text string, b *Bindings) (*Condition, error) {
	root, err := c.conditions.get(kind, text, parseCondition)
	if err != nil {
		return nil, err
	}
	bound, err := root.bind(kind, b)
	if err != nil {
		return nil, err
	}
	return &Condition{bound}, nil
}

// Update reads and binds an update.
func (c *Cache) Update(text string, b *Bindings) (*Update, error) {
	actions, err := c.updates.get(UpdateKind, text, func(_ Kind, text string) ([]action, error) { return parseUpdate(text) })
	if err != nil {
		return nil, err
	}
	return bindUpdate(actions, b)
}

// Projection reads and binds a projection.
func (c *Cache) Projection(text string, b *Bindings) (*Projection, error) {
	paths, err := c.projections.get(ProjectionKind, text, func(_ Kind, text string) ([]attribute.Path, error) { return parseProjection(text) })
	if err != nil {
		return nil, err
	}
	return bindProjection(paths, b)
}

// trees are the syntax trees of one type. When full they start over.
type trees[T any] struct {
	mu   sync.Mutex
	kept map[source]T
}

type source struct {
	kind Kind
	text string
}

func (t *trees[T]) get(kind Kind, text string, parse func(Kind, string) (T, error)) (T, error) {
	key := source{kind, text}
	t.mu.Lock()
	tree, ok := t.kept[key]
	t.mu.Unlock()
	if ok {
		return tree, nil
	}
	tree, err := parse(kind, text)
	if err != nil {
		return tree, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil || len(t.kept) >= maxCached {
		t.kept = map[source]T{}
	}
	t.kept[key] = tree
	return tree, nil
}

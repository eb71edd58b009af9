package dynamodb

import (
	"context"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Limits of transactions.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const (
	maxTransactItems = 100
	maxTransactBytes = 4 << 20
)

// ConditionCheck is a condition on an item that a transaction does not write.
type ConditionCheck struct {
	TableName string
	Key       attribute.Item
	Conditional
}

// TransactWriteItem is one part of a transaction: one member is set.
type TransactWriteItem struct {
	ConditionCheck *ConditionCheck `json:",omitempty"`
	Put            *Put            `json:",omitempty"`
	Delete         *Delete         `json:",omitempty"`
	Update         *Update         `json:",omitempty"`
}

// TransactWriteItemsInput is the request of TransactWriteItems. A request with the
// ClientRequestToken of one of the last ten minutes writes nothing again.
type TransactWriteItemsInput struct {
	TransactItems               []TransactWriteItem
	ClientRequestToken          *string
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// TransactWriteItemsOutput is the answer of TransactWriteItems.
type TransactWriteItemsOutput struct {
	ConsumedCapacity      []ConsumedCapacity                 `json:",omitempty"`
	ItemCollectionMetrics map[string][]ItemCollectionMetrics `json:",omitempty"`
}

// TransactWriteItems does all writes or none.
func (s *State) TransactWriteItems(_ context.Context, in *TransactWriteItemsInput) (*TransactWriteItemsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	rep.inTransaction()
	digest, err := in.digest()
	if err != nil {
		return nil, err
	}
	parts, err := in.parts(&s.expressions)
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	done, err := s.tokens.done(in.ClientRequestToken, digest)
	if err != nil {
		return nil, err
	}
	if done {
		err = s.again(parts, rep)
	} else {
		err = s.transact(parts, rep)
	}
	if err != nil {
		return nil, err
	}
	if !done {
		s.tokens.keep(in.ClientRequestToken, digest)
	}
	return &TransactWriteItemsOutput{rep.all(), rep.allCollections()}, nil
}

// parts binds all parts. Their bytes are bounded, whatever the items that they find
// take: what "the aggregate size of the items in the transaction" is has been seen of
// the service, which calls it the payload.
func (in *TransactWriteItemsInput) parts(cache *expression.Cache) ([]*part, error) {
	parts, size := make([]*part, len(in.TransactItems)), 0
	for i, item := range in.TransactItems {
		var err error
		if parts[i], err = item.bind(cache); err != nil {
			return nil, err
		}
		size += parts[i].bytes
	}
	if size > maxTransactBytes {
		return nil, invalid("Transaction payload size cannot exceed 4MB. Payload Size: : Transaction payload size cannot exceed 4MB. Payload Size: %d", size)
	}
	return parts, nil
}

func (in *TransactWriteItemsInput) check() error {
	var v violations
	v.returns(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	v.transactItems(in.TransactItems != nil, len(in.TransactItems))
	for n, w := range in.TransactItems {
		w.check(&v, fmt.Sprintf("transactItems.%d.member.", n+1))
	}
	return v.err()
}

// check finds the constraints that a part of a transaction, at some place, breaks.
func (w TransactWriteItem) check(v *violations, at string) {
	if p := w.Put; p != nil {
		v.required(p.TableName != "", at+"put.tableName")
		v.required(p.Item != nil, at+"put.item")
		v.failing(p.ReturnValuesOnConditionCheckFailure, at+"put.")
	}
	if d := w.Delete; d != nil {
		v.required(d.TableName != "", at+"delete.tableName")
		v.required(d.Key != nil, at+"delete.key")
		v.failing(d.ReturnValuesOnConditionCheckFailure, at+"delete.")
	}
	if u := w.Update; u != nil {
		v.required(u.TableName != "", at+"update.tableName")
		v.required(u.Key != nil, at+"update.key")
		v.required(u.UpdateExpression != nil, at+"update.updateExpression")
		v.failing(u.ReturnValuesOnConditionCheckFailure, at+"update.")
	}
	if c := w.ConditionCheck; c != nil {
		v.required(c.TableName != "", at+"conditionCheck.tableName")
		v.required(c.Key != nil, at+"conditionCheck.key")
		v.required(c.ConditionExpression != nil, at+"conditionCheck.conditionExpression")
		v.failing(c.ReturnValuesOnConditionCheckFailure, at+"conditionCheck.")
	}
}

// transactItems checks that the parts of a transaction are given, and not too many.
func (v *violations) transactItems(given bool, n int) {
	v.required(given, "transactItems")
	switch {
	case given && n == 0:
		v.add("'[]'", "transactItems", notEmpty)
	case n > maxTransactItems:
		v.add(fmt.Sprintf("'[%d items]'", n), "transactItems", fmt.Sprintf("Member must have length less than or equal to %d", maxTransactItems))
	}
}

// transact plans all parts and then does them; the caller holds the lock.
func (s *State) transact(parts []*part, rep *report) error {
	tables, err := s.tablesOf(parts)
	if err != nil {
		return err
	}
	if err := firstWrong(parts, tables); err != nil {
		return err
	}
	todo, reasons := make([]func(*report), len(parts)), make([]error, len(parts))
	for i, p := range parts {
		todo[i], reasons[i] = p.plan(tables[i])
	}
	if err := cancelled(reasons); err != nil {
		return err
	}
	for _, do := range todo {
		do(rep)
	}
	return nil
}

// firstWrong is the error of the first part that is wrong whatever the items are. It
// is the only reason: no condition is looked at then.
func firstWrong(parts []*part, tables []*table) error {
	reasons := make([]error, len(parts))
	for i, p := range parts {
		if reasons[i] = p.valid(tables[i]); reasons[i] != nil {
			return cancelled(reasons)
		}
	}
	return nil
}

// again answers a transaction that was done before, which reads its items.
func (s *State) again(parts []*part, rep *report) error {
	tables, err := s.tablesOf(parts)
	if err != nil {
		return err
	}
	for i, p := range parts {
		if tables[i].schema.checkItem(p.key) != nil {
			continue // the table is another by now
		}
		rep.read(p.table, tables[i], nil, tables[i].get(p.key).sizeOrZero(), true)
	}
	return nil
}

// tablesOf finds the table of each part and refuses two parts on one item.
func (s *State) tablesOf(parts []*part) ([]*table, error) {
	tables := make([]*table, len(parts))
	seen := map[string]bool{}
	for i, p := range parts {
		var err error
		if tables[i], err = s.table(p.table); err != nil {
			return nil, err
		}
		if tables[i].schema.checkItem(p.key) != nil {
			continue // a reason to cancel
		}
		key := tables[i].name + "|" + string(tables[i].schema.encode(p.key))
		if seen[key] {
			return nil, invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[key] = true
	}
	return tables, nil
}

package dynamodb

import (
	"context"
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
	"github.com/shakedown-iot/shakedown/emulators/wire"
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

// CancellationReason is why a part cancelled its transaction; Code is None for a
// part that did not.
type CancellationReason struct {
	Code    string
	Message *string        `json:",omitempty"`
	Item    attribute.Item `json:",omitempty"`
}

// TransactWriteItems does all writes or none.
func (s *State) TransactWriteItems(_ context.Context, in *TransactWriteItemsInput) (*TransactWriteItemsOutput, error) {
	rep, err := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	if err != nil {
		return nil, err
	}
	rep.inTransaction()
	if err := checkTransactItems(len(in.TransactItems)); err != nil {
		return nil, err
	}
	digest, err := in.digest()
	if err != nil {
		return nil, err
	}
	parts := make([]*part, len(in.TransactItems))
	for i, item := range in.TransactItems {
		if parts[i], err = item.bind(&s.expressions, i+1); err != nil {
			return nil, err
		}
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

func checkTransactItems(n int) error {
	switch {
	case n == 0:
		return constraint("'[]'", "transactItems", "Member must have length greater than or equal to 1")
	case n > maxTransactItems:
		return constraint(fmt.Sprintf("'[%d items]'", n), "transactItems", fmt.Sprintf("Member must have length less than or equal to %d", maxTransactItems))
	}
	return nil
}

// part is a write of a transaction, with its expressions bound.
type part struct {
	table string
	key   attribute.Item // or the item, which has it
	// plan checks the write; do does it.
	plan func(*table) (do func(*report), size int, err error)
}

// bind checks what of a part does not depend on its table; it stands at place.
func (w TransactWriteItem) bind(cache *expression.Cache, place int) (*part, error) {
	given := 0
	for _, is := range []bool{w.ConditionCheck != nil, w.Put != nil, w.Delete != nil, w.Update != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	case w.Put != nil:
		return w.Put.part(cache)
	case w.Delete != nil:
		return w.Delete.part(cache)
	case w.Update != nil:
		if w.Update.UpdateExpression == nil {
			return nil, constraint("null", fmt.Sprintf("transactItems.%d.member.update.updateExpression", place), "Member must not be null")
		}
		return w.Update.part(cache)
	}
	if w.ConditionCheck.ConditionExpression == nil {
		return nil, constraint("null", fmt.Sprintf("transactItems.%d.member.conditionCheck.conditionExpression", place), "Member must not be null")
	}
	return w.ConditionCheck.part(cache)
}

func (in *Put) part(cache *expression.Cache) (*part, error) {
	condition, err := in.bind(cache)
	return &part{in.TableName, in.Item, func(t *table) (func(*report), int, error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			t.put(in.Item, old)
			rep.wrote(in.TableName, t, old, in.Item)
		}, in.Item.Size(), err
	}}, err
}

func (in *Delete) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			if old != nil {
				t.remove(old)
			}
			rep.wrote(in.TableName, t, old, nil)
		}, old.sizeOrZero(), err
	}}, err
}

func (in *Update) part(cache *expression.Cache) (*part, error) {
	condition, update, err := in.bind(cache, in.UpdateExpression, true)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		old, item, err := in.plan(t, condition, update)
		return func(rep *report) {
			t.put(item, old)
			rep.wrote(in.TableName, t, old, item)
		}, item.Size(), err
	}}, err
}

func (in *ConditionCheck) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		if err := t.checkGiven(in.Key); err != nil {
			return nil, 0, err
		}
		old := t.get(in.Key)
		return func(rep *report) { rep.write(in.TableName, t, nil, old.sizeOrZero()) }, old.sizeOrZero(), in.check(condition, old)
	}}, err
}

func (r *record) sizeOrZero() int {
	if r == nil {
		return 0
	}
	return r.size
}

// transact plans all parts and then does them; the caller holds the lock.
func (s *State) transact(parts []*part, rep *report) error {
	tables, err := s.tablesOf(parts)
	if err != nil {
		return err
	}
	todo, reasons, size := make([]func(*report), len(parts)), make([]error, len(parts)), 0
	for i, p := range parts {
		var n int
		todo[i], n, reasons[i] = p.plan(tables[i])
		size += n
	}
	if err := cancelled(reasons); err != nil {
		return err
	}
	if size > maxTransactBytes {
		return invalid("The aggregate size of the items in the transaction exceeds the limit of 4 MB")
	}
	for _, do := range todo {
		do(rep)
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

// cancelled is the error of a transaction, if any part has one.
func cancelled(parts []error) error {
	reasons, failed := make([]CancellationReason, len(parts)), false
	for i, err := range parts {
		reasons[i] = reason(err)
		failed = failed || err != nil
	}
	if !failed {
		return nil
	}
	return cancellation(reasons)
}

func cancellation(reasons []CancellationReason) error {
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	e := wire.Errorf("TransactionCanceledException", 0, "Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", "))
	e.Fields = map[string]any{"CancellationReasons": reasons}
	return e
}

// reason is the error of a part as a reason.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
func reason(err error) CancellationReason {
	if err == nil {
		return CancellationReason{Code: "None"}
	}
	e := wire.AsError(err)
	r := CancellationReason{Code: "ValidationError", Message: &e.Message}
	switch e.Code {
	case "ConditionalCheckFailedException":
		r.Code = "ConditionalCheckFailed"
		r.Item, _ = e.Fields["Item"].(attribute.Item)
	case throttled:
		r.Code = "ProvisionedThroughputExceeded"
	}
	return r
}

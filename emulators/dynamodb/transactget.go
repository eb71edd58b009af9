package dynamodb

import (
	"context"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Get reads the item of a key.
type Get struct {
	TableName                string
	Key                      attribute.Item
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string
}

// TransactGetItem is one read of a transaction.
type TransactGetItem struct{ Get *Get }

// TransactGetItemsInput is the request of TransactGetItems.
type TransactGetItemsInput struct {
	TransactItems          []TransactGetItem
	ReturnConsumedCapacity string
}

// ItemResponse is what a read found; Item is nil when there is none.
type ItemResponse struct {
	Item *attribute.Item `json:",omitempty"`
}

// TransactGetItemsOutput is the answer of TransactGetItems, in the order of the
// request.
type TransactGetItemsOutput struct {
	Responses        []ItemResponse
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

func (in *TransactGetItemsInput) check() error {
	var v violations
	v.returns(in.ReturnConsumedCapacity, "")
	v.transactItems(in.TransactItems != nil, len(in.TransactItems))
	for n, item := range in.TransactItems {
		at := fmt.Sprintf("transactItems.%d.member.get", n+1)
		if v.required(item.Get != nil, at); item.Get != nil {
			v.required(item.Get.TableName != "", at+".tableName")
			v.required(item.Get.Key != nil, at+".key")
		}
	}
	return v.err()
}

// TransactGetItems reads items at one moment.
func (s *State) TransactGetItems(_ context.Context, in *TransactGetItemsInput) (*TransactGetItemsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, "")
	rep.inTransaction()
	projections := make([]*expression.Projection, len(in.TransactItems))
	parts := make([]*part, len(in.TransactItems))
	for i, item := range in.TransactItems {
		var err error
		if projections[i], err = s.projection(item.Get.ProjectionExpression, item.Get.ExpressionAttributeNames); err != nil {
			return nil, err
		}
		parts[i] = &part{table: item.Get.TableName, key: item.Get.Key, valid: func(t *table) error { return t.schema.checkKey(item.Get.Key) }}
	}
	s.rlock()
	defer s.mu.RUnlock()
	tables, err := s.tablesOf(parts)
	if err != nil {
		return nil, err
	}
	if err := firstWrong(parts, tables); err != nil {
		return nil, err
	}
	out := &TransactGetItemsOutput{Responses: make([]ItemResponse, len(parts))}
	reasons, size := make([]error, len(parts)), 0
	for i, p := range parts {
		if reasons[i] = tables[i].admitRead(nil); reasons[i] != nil {
			continue
		}
		r := tables[i].get(p.key)
		rep.read(p.table, tables[i], nil, r.sizeOrZero(), true)
		if r != nil {
			item := projected(projections[i], r.item)
			out.Responses[i].Item = &item
			size += r.size
		}
	}
	if err := cancelled(reasons); err != nil {
		return nil, err
	}
	if size > maxTransactBytes {
		return nil, invalid("The aggregate size of the items in the transaction exceeds the limit of 4 MB")
	}
	out.ConsumedCapacity = rep.all()
	return out, nil
}

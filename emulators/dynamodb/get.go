package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// GetItemInput is the request of GetItem. Reads are always consistent, whatever
// ConsistentRead says.
type GetItemInput struct {
	TableName                string
	Key                      attribute.Item
	ConsistentRead           bool
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string
	ReturnConsumedCapacity   string
}

// GetItemOutput is the answer of GetItem; Item is nil when there is none.
type GetItemOutput struct {
	Item             *attribute.Item   `json:",omitempty"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

func (in *GetItemInput) check() error {
	var v violations
	v.table(in.TableName)
	v.required(in.Key != nil, "key")
	v.returns(in.ReturnConsumedCapacity, "")
	return v.err()
}

// GetItem reads the item of a key.
func (s *State) GetItem(_ context.Context, in *GetItemInput) (*GetItemOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, "")
	projection, err := s.projection(in.ProjectionExpression, in.ExpressionAttributeNames)
	if err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.schema.checkKey(in.Key); err != nil {
		return nil, err
	}
	if err := t.admitRead(nil); err != nil {
		return nil, err
	}
	r := t.get(in.Key)
	rep.read(in.TableName, t, nil, r.sizeOrZero(), in.ConsistentRead)
	out := &GetItemOutput{ConsumedCapacity: rep.one()}
	if r != nil {
		item := projected(projection, r.item)
		out.Item = &item
	}
	return out, nil
}

// projection binds a projection that is the only expression of a request; nil
// is none.
func (s *State) projection(text *string, names map[string]string) (*expression.Projection, error) {
	if text == nil {
		if names != nil {
			return nil, invalid("ExpressionAttributeNames can only be specified when using expressions")
		}
		return nil, nil
	}
	b, err := expression.Bind(names, nil)
	if err != nil {
		return nil, err
	}
	p, err := s.expressions.Projection(*text, b)
	if err != nil {
		return nil, err
	}
	return p, b.Unused()
}

func projected(p *expression.Projection, item attribute.Item) attribute.Item {
	if p == nil {
		return item
	}
	return p.Project(item)
}

package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// write is what INSERT, UPDATE or DELETE does, as a write with a condition, or what EXISTS
// asks for, as a check.
func (s *State) write(st *partiql.Statement, onFailure string) (TransactWriteItem, error) {
	primary, err := s.schemaOf(st.Table)
	if err != nil {
		return TransactWriteItem{}, err
	}
	var p placeholders
	if st.Kind == partiql.Insert {
		condition := "attribute_not_exists(" + p.name(primary.hash().name) + ")"
		return TransactWriteItem{Put: &Put{st.Table, st.Item, p.conditional(&condition, onFailure)}}, nil
	}
	key, rest, ok := primary.key(st.Where)
	if !ok {
		return TransactWriteItem{}, invalid("Where clause does not contain a mandatory equality on all key attributes")
	}
	hash := p.name(primary.hash().name)
	if st.Kind == partiql.Exists {
		if st.Index != "" || st.Order != nil {
			return TransactWriteItem{}, invalid("EXISTS takes a SELECT of one item of a table")
		}
		condition := p.found(hash, rest)
		return TransactWriteItem{ConditionCheck: &ConditionCheck{st.Table, key, p.conditional(&condition, onFailure)}}, nil
	}
	if st.Kind == partiql.Update {
		update, err := p.update(st)
		if err != nil {
			return TransactWriteItem{}, err
		}
		condition := p.found(hash, rest)
		return TransactWriteItem{Update: &Update{st.Table, key, &update, p.conditional(&condition, onFailure)}}, nil
	}
	if len(rest) == 0 {
		return TransactWriteItem{Delete: &Delete{TableName: st.Table, Key: key}}, nil
	}
	// An item that is not there is no failure.
	condition := "attribute_not_exists(" + hash + ") OR " + p.part(&partiql.Condition{Operator: "AND", Parts: rest})
	return TransactWriteItem{Delete: &Delete{st.Table, key, p.conditional(&condition, onFailure)}}, nil
}

// found is the condition that an item is there and is as the rest of a clause says.
func (p *placeholders) found(hash string, rest []*partiql.Condition) string {
	condition := "attribute_exists(" + hash + ")"
	if len(rest) > 0 {
		condition += " AND " + p.part(&partiql.Condition{Operator: "AND", Parts: rest})
	}
	return condition
}

func (p *placeholders) conditional(condition *string, onFailure string) Conditional {
	return Conditional{
		ConditionExpression: condition, ExpressionAttributeNames: p.names, ExpressionAttributeValues: p.values,
		ReturnValuesOnConditionCheckFailure: onFailure,
	}
}

// schemaOf is the key of a table.
func (s *State) schemaOf(name string) (schema, error) {
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(name)
	if err != nil {
		return nil, err
	}
	return t.schema, nil
}

// executeWrite does a statement that writes.
func (s *State) executeWrite(ctx context.Context, st *partiql.Statement, in *ExecuteStatementInput) (*ExecuteStatementOutput, error) {
	if in.Limit != nil || in.NextToken != "" || in.ConsistentRead {
		return nil, invalid("Limit, NextToken and ConsistentRead are only for SELECT")
	}
	w, err := s.write(st, in.ReturnValuesOnConditionCheckFailure)
	if err != nil {
		return nil, err
	}
	var out *WriteOutput
	switch {
	case w.Put != nil:
		out, err = s.PutItem(ctx, &PutItemInput{Put: *w.Put, ReturnConsumedCapacity: in.ReturnConsumedCapacity})
		if wire.IsCode(err, "ConditionalCheckFailedException") {
			err = wire.Errorf("DuplicateItemException", 0, "%s", duplicateKey)
		}
	case w.Update != nil:
		out, err = s.UpdateItem(ctx, &UpdateItemInput{Update: *w.Update, ReturnValues: st.Returning, ReturnConsumedCapacity: in.ReturnConsumedCapacity})
	default:
		out, err = s.DeleteItem(ctx, &DeleteItemInput{Delete: *w.Delete, ReturnValues: st.Returning, ReturnConsumedCapacity: in.ReturnConsumedCapacity})
	}
	if err != nil {
		return nil, err
	}
	answer := &ExecuteStatementOutput{Items: []attribute.Item{}, ConsumedCapacity: out.ConsumedCapacity}
	if out.Attributes != nil {
		answer.Items = append(answer.Items, out.Attributes)
	}
	return answer, nil
}

const duplicateKey = "Duplicate primary key exists in table"

package dynamodb

import (
	"context"
	"errors"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ParameterizedStatement is one statement of a transaction.
type ParameterizedStatement struct {
	Statement                           string
	Parameters                          []attribute.Value
	ReturnValuesOnConditionCheckFailure string
}

// ExecuteTransactionInput is the request of ExecuteTransaction; the token is as in
// TransactWriteItems.
type ExecuteTransactionInput struct {
	TransactStatements     []ParameterizedStatement
	ClientRequestToken     *string
	ReturnConsumedCapacity string
}

// ExecuteTransactionOutput is the answer of ExecuteTransaction, in the order of the
// statements.
type ExecuteTransactionOutput struct {
	Responses        []ItemResponse
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// ExecuteTransaction does statements on one item each, all of them or none; they are
// all SELECT or all others.
func (s *State) ExecuteTransaction(ctx context.Context, in *ExecuteTransactionInput) (*ExecuteTransactionOutput, error) {
	if err := checkStatements(len(in.TransactStatements), maxTransactItems, "transactStatements"); err != nil {
		return nil, err
	}
	all := make([]*partiql.Statement, len(in.TransactStatements))
	for i, one := range in.TransactStatements {
		var err error
		if all[i], err = parseStatement(one.Statement, one.Parameters); err != nil {
			return nil, err
		}
		if all[i].Returning != "" {
			return nil, invalid("RETURNING clause is not supported in ExecuteTransaction")
		}
	}
	if err := ofOneKind(all); err != nil {
		return nil, err
	}
	if all[0].Kind == partiql.Select {
		return s.transactSelect(ctx, all, in)
	}
	write := &TransactWriteItemsInput{ClientRequestToken: in.ClientRequestToken, ReturnConsumedCapacity: in.ReturnConsumedCapacity}
	for i, st := range all {
		w, err := s.write(st, in.TransactStatements[i].ReturnValuesOnConditionCheckFailure)
		if err != nil {
			return nil, err
		}
		write.TransactItems = append(write.TransactItems, w)
	}
	out, err := s.TransactWriteItems(ctx, write)
	if err != nil {
		return nil, duplicatesNamed(err, all)
	}
	return &ExecuteTransactionOutput{[]ItemResponse{}, out.ConsumedCapacity}, nil
}

// duplicatesNamed says of an INSERT that failed for its condition what that is.
func duplicatesNamed(err error, all []*partiql.Statement) error {
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return err
	}
	reasons, ok := e.Fields["CancellationReasons"].([]CancellationReason)
	if !ok {
		return err
	}
	for i, st := range all {
		if st.Kind == partiql.Insert && reasons[i].Code == "ConditionalCheckFailed" {
			message := duplicateKey
			reasons[i].Code, reasons[i].Message = "DuplicateItem", &message
		}
	}
	return cancellation(reasons)
}

// transactSelect reads the items that the statements name by their keys.
func (s *State) transactSelect(ctx context.Context, all []*partiql.Statement, in *ExecuteTransactionInput) (*ExecuteTransactionOutput, error) {
	read := &TransactGetItemsInput{ReturnConsumedCapacity: in.ReturnConsumedCapacity}
	for i, st := range all {
		if v := in.TransactStatements[i].ReturnValuesOnConditionCheckFailure; v != "" && v != "NONE" {
			return nil, invalid("ReturnValuesOnConditionCheckFailure is only for statements that write")
		}
		if st.Index != "" {
			return nil, invalid("Reads on indices are not supported within transactions")
		}
		primary, err := s.schemaOf(st.Table)
		if err != nil {
			return nil, err
		}
		key, rest, ok := primary.key(st.Where)
		if !ok || len(rest) > 0 || st.Order != nil {
			return nil, invalid("Select statements within ExecuteTransaction must specify the primary key in the where clause, and nothing else.")
		}
		get := &Get{TableName: st.Table, Key: key}
		var p placeholders
		get.ProjectionExpression, get.ExpressionAttributeNames = p.projection(st.Paths), p.names
		read.TransactItems = append(read.TransactItems, TransactGetItem{get})
	}
	out, err := s.TransactGetItems(ctx, read)
	if err != nil {
		return nil, err
	}
	for i, r := range out.Responses {
		if r.Item != nil {
			*r.Item = picked(*r.Item, all[i].Paths)
		}
	}
	return &ExecuteTransactionOutput{out.Responses, out.ConsumedCapacity}, nil
}

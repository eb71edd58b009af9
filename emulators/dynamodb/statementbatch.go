package dynamodb

import (
	"context"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxBatchStatements bounds BatchExecuteStatement.
const maxBatchStatements = 25

// BatchStatementRequest is one statement of a batch.
type BatchStatementRequest struct {
	Statement                           string
	Parameters                          []attribute.Value
	ConsistentRead                      bool
	ReturnValuesOnConditionCheckFailure string
}

// BatchExecuteStatementInput is the request of BatchExecuteStatement.
type BatchExecuteStatementInput struct {
	Statements             []BatchStatementRequest
	ReturnConsumedCapacity string
}

// BatchExecuteStatementOutput is the answer of BatchExecuteStatement, in the order
// of the statements.
type BatchExecuteStatementOutput struct {
	Responses        []BatchStatementResponse
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// BatchStatementResponse is what a statement answered, or its error.
type BatchStatementResponse struct {
	TableName string               `json:",omitempty"`
	Item      attribute.Item       `json:",omitempty"`
	Error     *BatchStatementError `json:",omitempty"`
}

// BatchStatementError is the error of a statement.
type BatchStatementError struct {
	Code, Message string
	Item          attribute.Item `json:",omitempty"`
}

// BatchExecuteStatement does statements on one item each, which are all SELECT or
// all others. One that fails does not stop the others.
func (s *State) BatchExecuteStatement(ctx context.Context, in *BatchExecuteStatementInput) (*BatchExecuteStatementOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	out := &BatchExecuteStatementOutput{}
	parsed, errs := make([]*partiql.Statement, len(in.Statements)), make([]error, len(in.Statements))
	for i, one := range in.Statements {
		if parsed[i], errs[i] = parseStatement(one.Statement, one.Parameters); errs[i] == nil {
			errs[i] = alone(parsed[i])
		}
	}
	if err := ofOneKind(parsed); err != nil {
		return nil, err
	}
	for i, one := range in.Statements {
		var answer *ExecuteStatementOutput
		if errs[i] == nil {
			answer, errs[i] = s.executeOne(ctx, parsed[i], &ExecuteStatementInput{
				Statement: one.Statement, Parameters: one.Parameters, ConsistentRead: one.ConsistentRead,
				ReturnConsumedCapacity: in.ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure: one.ReturnValuesOnConditionCheckFailure,
			})
		}
		out.Responses = append(out.Responses, response(parsed[i], answer, errs[i]))
		if answer != nil && answer.ConsumedCapacity != nil {
			out.ConsumedCapacity = append(out.ConsumedCapacity, *answer.ConsumedCapacity)
		}
	}
	return out, nil
}

func (in *BatchExecuteStatementInput) check() error {
	if err := checkStatements(len(in.Statements), maxBatchStatements, "statements"); err != nil {
		return err
	}
	var v violations
	v.returns(in.ReturnConsumedCapacity, "")
	for n, one := range in.Statements {
		v.failing(one.ReturnValuesOnConditionCheckFailure, fmt.Sprintf("statements.%d.member.", n+1))
	}
	return v.err()
}

func checkStatements(n, limit int, member string) error {
	switch {
	case n == 0:
		return constraint("'[]'", member, "Member must have length greater than or equal to 1")
	case n > limit:
		return constraint(fmt.Sprintf("'[%d statements]'", n), member, fmt.Sprintf("Member must have length less than or equal to %d", limit))
	}
	return nil
}

// ofOneKind refuses reads and writes together; a statement that could not be read
// is nil.
func ofOneKind(all []*partiql.Statement) error {
	reads, writes := 0, 0
	for _, st := range all {
		switch {
		case st == nil:
		case st.Kind == partiql.Select:
			reads++
		default:
			writes++
		}
	}
	if reads > 0 && writes > 0 {
		return invalid("Statements must be all reads or all writes")
	}
	return nil
}

// executeOne does a statement on one item.
func (s *State) executeOne(ctx context.Context, st *partiql.Statement, in *ExecuteStatementInput) (*ExecuteStatementOutput, error) {
	if st.Kind != partiql.Select {
		return s.executeWrite(ctx, st, in)
	}
	primary, err := s.schemaOf(st.Table)
	if err != nil {
		return nil, err
	}
	if _, _, ok := primary.key(st.Where); !ok || st.Index != "" {
		return nil, invalid("Select statements within BatchExecuteStatement must specify the primary key in the where clause.")
	}
	return s.executeSelect(st, in)
}

func response(st *partiql.Statement, answer *ExecuteStatementOutput, err error) BatchStatementResponse {
	r := BatchStatementResponse{}
	if st != nil {
		r.TableName = st.Table
	}
	if err != nil {
		e := wire.AsError(err)
		codes := map[string]string{
			"ConditionalCheckFailedException": "ConditionalCheckFailed", "ValidationException": "ValidationError",
			"ResourceNotFoundException": "ResourceNotFound", "DuplicateItemException": "DuplicateItem", overProvisioned: "ProvisionedThroughputExceeded",
			overMaximum: "ThrottlingError", overAccount: "RequestLimitExceeded",
		}
		r.Error = &BatchStatementError{Code: codes[e.Code], Message: e.Message}
		if r.Error.Code == "" {
			r.Error.Code = "InternalServerError"
		}
		r.Error.Item, _ = e.Fields["Item"].(attribute.Item)
		return r
	}
	if len(answer.Items) > 0 {
		r.Item = answer.Items[0]
	}
	return r
}

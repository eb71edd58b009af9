package dynamodb

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
)

// ExecuteStatementInput is the request of ExecuteStatement. Limit bounds the items
// that SELECT reads.
type ExecuteStatementInput struct {
	Statement                           string
	Parameters                          []attribute.Value
	ConsistentRead                      bool
	Limit                               *int
	NextToken                           string
	ReturnConsumedCapacity              string
	ReturnValuesOnConditionCheckFailure string
}

// ExecuteStatementOutput is the answer of ExecuteStatement.
type ExecuteStatementOutput struct {
	Items            []attribute.Item
	NextToken        string            `json:",omitempty"`
	LastEvaluatedKey attribute.Item    `json:",omitempty"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

// alone refuses what stands in a transaction only.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.exists.html
func alone(st *partiql.Statement) error {
	if st.Kind == partiql.Exists {
		return invalid("EXISTS is only supported in ExecuteTransaction")
	}
	return nil
}

// ExecuteStatement does a PartiQL statement.
func (s *State) ExecuteStatement(ctx context.Context, in *ExecuteStatementInput) (*ExecuteStatementOutput, error) {
	st, err := parseStatement(in.Statement, in.Parameters)
	if err == nil {
		err = alone(st)
	}
	if err != nil {
		return nil, err
	}
	if st.Kind != partiql.Select {
		return s.executeWrite(ctx, st, in)
	}
	return s.executeSelect(st, in)
}

func parseStatement(text string, parameters []attribute.Value) (*partiql.Statement, error) {
	if parameters != nil && len(parameters) == 0 {
		return nil, constraint("'[]'", "parameters", "Member must have length greater than or equal to 1")
	}
	return partiql.Parse(text, parameters)
}

// executeSelect reads one page: as a query when the partition key is given, else as
// a scan.
func (s *State) executeSelect(st *partiql.Statement, in *ExecuteStatementInput) (*ExecuteStatementOutput, error) {
	if in.ReturnValuesOnConditionCheckFailure != "" && in.ReturnValuesOnConditionCheckFailure != "NONE" {
		return nil, invalid("ReturnValuesOnConditionCheckFailure is only for statements that write")
	}
	keys, err := s.keysOf(st)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(fmt.Append(nil, in.Statement, "|", in.Parameters))
	from, err := startOf(in.NextToken, digest)
	if err != nil {
		return nil, err
	}
	out, next, err := s.readParts(partitions(st, keys), keys, *in, from)
	if err != nil || next == nil {
		return out, err
	}
	out.LastEvaluatedKey = next.Key
	out.NextToken, err = next.text(digest)
	return out, err
}

// keysOf is the key of the table or index that is read.
func (s *State) keysOf(st *partiql.Statement) (schema, error) {
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(st.Table)
	if err != nil || st.Index == "" {
		if err != nil {
			return nil, err
		}
		return t.schema, nil
	}
	i, err := t.index(st.Index)
	if err != nil {
		return nil, err
	}
	return i.schema, nil
}

// selection writes a SELECT as a query; without a key condition it is a scan.
func selection(st *partiql.Statement, keys schema, in *ExecuteStatementInput) (*QueryInput, error) {
	var p placeholders
	q := &QueryInput{Read: Read{TableName: st.Table, ConsistentRead: in.ConsistentRead, Limit: in.Limit, ReturnConsumedCapacity: in.ReturnConsumedCapacity}}
	if st.Index != "" {
		q.IndexName = &st.Index
	}
	rest := factors(st.Where)
	if at := slices.IndexFunc(rest, func(c *partiql.Condition) bool { return c.Operator == "=" && of(c, keys.hash().name) }); at >= 0 {
		text := p.condition(rest[at])
		rest = slices.Delete(rest, at, at+1)
		if at := slices.IndexFunc(rest, func(c *partiql.Condition) bool { return len(keys) > 1 && of(c, keys[1].name) }); at >= 0 {
			text += " AND " + p.condition(rest[at])
			rest = slices.Delete(rest, at, at+1)
		}
		q.KeyConditionExpression = &text
	}
	if len(rest) > 0 {
		text := p.joined("AND", rest)
		q.FilterExpression = &text
	}
	q.ProjectionExpression = p.projection(st.Paths)
	q.ExpressionAttributeNames, q.ExpressionAttributeValues = p.names, p.values
	return q, q.order(st, keys)
}

// order reads the ORDER BY clause: it is for the keys of one partition.
func (in *QueryInput) order(st *partiql.Statement, keys schema) error {
	if len(st.Order) == 0 {
		return nil
	}
	if in.KeyConditionExpression == nil {
		return invalid("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.")
	}
	for _, o := range st.Order {
		if !keys.has(o.Name) {
			return invalid("Variable reference %s in ORDER BY clause must be part of the primary key", o.Name)
		}
		in.ScanIndexForward = new(!o.Descending) // that of the sort key, which comes last
	}
	return nil
}

// readPage reads a page of a query or scan; its filter may be about the key.
func (s *State) readPage(in *QueryInput) (*ReadOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	e, err := in.bind(s, in.KeyConditionExpression, in.KeyConditionExpression != nil)
	if err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	if in.KeyConditionExpression == nil {
		src, err := s.source(&in.Read, e)
		if err != nil {
			return nil, err
		}
		sp := span{}
		if in.ExclusiveStartKey != nil {
			sp.after, err = src.startKey(in.ExclusiveStartKey)
		}
		if err != nil {
			return nil, err
		}
		return in.answer(src, src.page(sp, in.limit()), e), nil
	}
	src, sp, err := s.queried(in, e)
	if err != nil {
		return nil, err
	}
	return in.answer(src, src.page(sp, in.limit()), e), nil
}

// pageToken is a NextToken: it is good for the same statement. Part is which of several
// partitions comes next, behind Key unless that is nil.
type pageToken struct {
	Part   int
	Key    attribute.Item
	Digest []byte
}

func (t *pageToken) text(d digest) (string, error) {
	t.Digest = d[:]
	text, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("encoding a token: %w", err)
	}
	return base64.StdEncoding.EncodeToString(text), nil
}

func startOf(token string, d digest) (t pageToken, err error) {
	if token == "" {
		return t, nil
	}
	text, err := base64.StdEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(text, &t) != nil || t.Part < 0 {
		return t, invalid("Given NextToken is invalid")
	}
	if string(t.Digest) != string(d[:]) {
		return t, invalid("NextToken does not match request")
	}
	return t, nil
}

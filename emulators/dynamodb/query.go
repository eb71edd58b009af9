package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// QueryInput is the request of Query. ScanIndexForward is true when nil.
type QueryInput struct {
	Read
	KeyConditionExpression *string
	ScanIndexForward       *bool
}

// Query reads items of one partition in the order of their sort keys.
func (s *State) Query(_ context.Context, in *QueryInput) (*ReadOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	e, err := in.bind(s, in.KeyConditionExpression, true)
	if err != nil {
		return nil, err
	}
	if in.KeyConditionExpression == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	s.rlock()
	src, sp, err := s.queried(in, e)
	if err == nil {
		err = src.checkFilter(e.filter)
	}
	if err != nil {
		s.mu.RUnlock()
		return nil, err
	}
	p := src.page(sp, in.limit())
	s.mu.RUnlock()
	return in.answer(src, p, e), nil
}

// queried finds what to read and between which keys.
func (s *State) queried(in *QueryInput, e *bound) (*source, span, error) {
	src, err := s.source(&in.Read, e)
	if err != nil {
		return nil, span{}, err
	}
	if err := src.startPartition(in.ExclusiveStartKey); err != nil {
		return nil, span{}, err
	}
	sp, err := src.schema.span(e.key)
	if err != nil {
		return nil, sp, err
	}
	sp.descending = in.ScanIndexForward != nil && !*in.ScanIndexForward
	if in.ExclusiveStartKey != nil {
		if sp.after, err = src.queryKey(in.ExclusiveStartKey); err != nil {
			return nil, sp, err
		}
		if !sp.inside(sp.after) {
			return nil, sp, invalid("The provided starting key is outside query boundaries based on provided conditions")
		}
	}
	return src, sp, nil
}

// checkFilter refuses a filter over the key that is queried.
func (src *source) checkFilter(filter *expression.Condition) error {
	var err error
	if filter != nil {
		filter.Attributes(func(name string) {
			if err == nil && src.schema.has(name) {
				err = invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", name)
			}
		})
	}
	return err
}

// span finds the keys that a key condition allows.
func (s schema) span(terms []expression.KeyTerm) (span, error) {
	byName := map[string]expression.KeyTerm{}
	for _, t := range terms {
		byName[t.Name] = t
	}
	hash, ok := byName[s.hash().name]
	if !ok {
		return span{}, invalid("Query condition missed key schema element: %s", s.hash().name)
	}
	if hash.Operator != "=" {
		return span{}, invalid("Query key condition not supported")
	}
	if err := s[0].checkTerm(hash); err != nil {
		return span{}, err
	}
	partition := s.partition(hash.Values[0])
	if len(terms) == 1 {
		return span{low: string(partition), high: successor(partition)}, nil
	}
	if len(s) == 1 {
		return span{}, invalid("Query key condition not supported")
	}
	sort, ok := byName[s[1].name]
	if !ok {
		return span{}, invalid("Query condition missed key schema element: %s", s[1].name)
	}
	if err := s[1].checkTerm(sort); err != nil {
		return span{}, err
	}
	return within(partition, sort), nil
}

func (k keyAttribute) checkTerm(t expression.KeyTerm) error {
	for _, v := range t.Values {
		if v.Type() != k.kind {
			return invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
		}
		if k.kind != attribute.N && v.Text() == "" && t.Operator != "begins_with" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", k.word(), k.name)
		}
		if err := k.checkSize(v); err != nil {
			return err
		}
	}
	return nil
}

// within is the part of a partition that a condition on the sort key allows.
func within(partition []byte, t expression.KeyTerm) span {
	all := span{low: string(partition), high: successor(partition)}
	key := func(i int) []byte {
		return attribute.AppendKey(append([]byte(nil), partition...), t.Values[i])
	}
	switch t.Operator {
	case "=":
		return span{low: string(key(0)), high: successor(key(0))}
	case "<":
		return span{low: all.low, high: string(key(0))}
	case "<=":
		return span{low: all.low, high: successor(key(0))}
	case ">":
		return span{low: successor(key(0)), high: all.high}
	case ">=":
		return span{low: string(key(0)), high: all.high}
	case "BETWEEN":
		return span{low: string(key(0)), high: successor(key(1))}
	}
	prefix := attribute.AppendKeyPrefix(append([]byte(nil), partition...), t.Values[0])
	return span{low: string(prefix), high: successor(prefix)}
}

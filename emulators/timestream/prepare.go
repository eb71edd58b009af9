package timestream

import (
	"context"
	"time"
)

// PrepareQueryInput is a query to be checked. As in AWS, ValidateOnly must be true.
type PrepareQueryInput struct {
	QueryString  string
	ValidateOnly *bool
}

// SelectColumn is a column of the result; with its table where it is one's as it is.
type SelectColumn struct {
	Name                    string `json:",omitempty"`
	Type                    Type
	DatabaseName, TableName string `json:",omitempty"`
	Aliased                 bool
}

// ParameterMapping would be a parameter of the query; those are not implemented.
type ParameterMapping struct{ Name string }

// PrepareQueryOutput is what the query would answer.
type PrepareQueryOutput struct {
	QueryString string
	Columns     []SelectColumn
	Parameters  []ParameterMapping
}

// PrepareQuery types a query and does not run it. Errors: ValidationException.
func (s *State) PrepareQuery(_ context.Context, in *PrepareQueryInput) (*PrepareQueryOutput, error) {
	if in.ValidateOnly == nil || !*in.ValidateOnly {
		return nil, validation("PrepareQuery takes only ValidateOnly true")
	}
	rel, err := s.statement(in.QueryString, time.Now().UnixNano())
	if err != nil {
		return nil, err
	}
	out := &PrepareQueryOutput{QueryString: in.QueryString, Columns: []SelectColumn{}, Parameters: []ParameterMapping{}}
	for i, name := range rel.names {
		c := SelectColumn{Name: name, Type: describe(rel.kinds[i])}
		if rel.aliased != nil {
			c.Aliased = rel.aliased[i]
		}
		if rel.origins != nil && rel.origins[i] != nil && rel.origins[i].origin != nil {
			table := rel.origins[i].origin
			c.DatabaseName, c.TableName = table.database, table.table.name
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

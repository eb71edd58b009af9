package action

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/attribute"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// DynamoDBv2 writes one item a message, with an attribute for each member of
// the payload.
// https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-v2-rule-action.html
type DynamoDBv2 struct {
	PutItem *PutItemInput `json:"putItem"`
	RoleArn string        `json:"roleArn"`
}

// PutItemInput names the table.
type PutItemInput struct {
	TableName string `json:"tableName"`
}

type dynamoDBv2Action struct {
	target DynamoDBTarget
	role   string
	table  *sql.Template
}

func (c *Compiler) dynamoDBv2(a *DynamoDBv2) (Compiled, error) {
	if c.Targets.DynamoDB == nil {
		return nil, noTarget("dynamoDBv2")
	}
	if a.PutItem == nil {
		return nil, errors.New("dynamoDBv2: putItem is missing")
	}
	table, err := c.template("putItem.tableName", a.PutItem.TableName)
	if err := errors.Join(err, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("dynamoDBv2: %w", err)
	}
	return dynamoDBv2Action{c.Targets.DynamoDB, a.RoleArn, table}, nil
}

func (dynamoDBv2Action) Kind() string { return "dynamoDBv2" }

func (d dynamoDBv2Action) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	table, err := d.table.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: table, Resource: table}
	v, err := attribute.Of(payload)
	if err != nil {
		return o, fmt.Errorf("put item: the payload is not JSON: %w", err)
	}
	item, ok := v.(*types.AttributeValueMemberM)
	if !ok {
		return o, errors.New("put item: the payload is not a JSON object")
	}
	if err := a.May(d.role, "dynamodb:PutItem", "table/"+table); err != nil {
		return o, fmt.Errorf("put item: %w", err)
	}
	return o, putItem(ctx, d.target, table, item.Value)
}

package iotcore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// DynamoDBv2Action writes one item a message, with an attribute for each member of
// the payload.
// https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-v2-rule-action.html
type DynamoDBv2Action struct {
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

func (c *compiler) dynamoDBv2(a *DynamoDBv2Action) (action, error) {
	if c.targets.DynamoDB == nil {
		return nil, noTarget("dynamoDBv2")
	}
	if a.PutItem == nil {
		return nil, errors.New("dynamoDBv2: putItem is missing")
	}
	table, err := c.template("putItem.tableName", a.PutItem.TableName)
	if err := errors.Join(err, checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("dynamoDBv2: %w", err)
	}
	return dynamoDBv2Action{c.targets.DynamoDB, a.RoleArn, table}, nil
}

func (dynamoDBv2Action) kind() string { return "dynamoDBv2" }

func (d dynamoDBv2Action) run(ctx context.Context, a *activation, payload []byte) (outcome, error) {
	table, err := d.table.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{made: table, resource: table}
	v, err := attributeOf(payload)
	if err != nil {
		return o, fmt.Errorf("put item: the payload is not JSON: %w", err)
	}
	item, ok := v.(*types.AttributeValueMemberM)
	if !ok {
		return o, errors.New("put item: the payload is not a JSON object")
	}
	if err := a.may(d.role, "dynamodb:PutItem", "table/"+table); err != nil {
		return o, fmt.Errorf("put item: %w", err)
	}
	return o, putItem(ctx, d.target, table, item.Value)
}

package action

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/attribute"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// DynamoDB writes one item a message: its keys and the payload in one
// attribute, as a map, or as binary where it is not JSON. Operation is INSERT, the
// default; UPDATE and DELETE are refused.
// https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-rule-action.html
type DynamoDB struct {
	TableName     string `json:"tableName"`
	RoleArn       string `json:"roleArn"`
	HashKeyField  string `json:"hashKeyField"`
	HashKeyValue  string `json:"hashKeyValue"`
	HashKeyType   string `json:"hashKeyType,omitempty"`
	RangeKeyField string `json:"rangeKeyField,omitempty"`
	RangeKeyValue string `json:"rangeKeyValue,omitempty"`
	RangeKeyType  string `json:"rangeKeyType,omitempty"`
	PayloadField  string `json:"payloadField,omitempty"`
	Operation     string `json:"operation,omitempty"`
}

type dynamoDBAction struct {
	target     DynamoDBTarget
	role       string
	table      *sql.Template
	hash, sort dynamoKey
	payload    *sql.Template
}

// dynamoKey makes one key attribute; without a name there is none.
type dynamoKey struct {
	name, value *sql.Template
	number      bool
}

func (c *Compiler) dynamoDB(a *DynamoDB) (Compiled, error) {
	if c.Targets.DynamoDB == nil {
		return nil, noTarget("dynamoDB")
	}
	d := dynamoDBAction{target: c.Targets.DynamoDB, role: a.RoleArn}
	var errs [6]error
	d.table, errs[0] = c.template("tableName", a.TableName)
	d.hash, errs[1] = c.dynamoKey("hashKey", a.HashKeyField, a.HashKeyValue, a.HashKeyType)
	if a.RangeKeyField+a.RangeKeyValue+a.RangeKeyType != "" {
		d.sort, errs[2] = c.dynamoKey("rangeKey", a.RangeKeyField, a.RangeKeyValue, a.RangeKeyType)
	}
	d.payload, errs[3] = c.template("payloadField", cmp.Or(a.PayloadField, "payload"))
	if a.Operation != "" && a.Operation != "INSERT" {
		errs[4] = fmt.Errorf("operation %q is not implemented by Shakedown, only INSERT", a.Operation)
	}
	errs[5] = CheckRole(a.RoleArn)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("dynamoDB: %w", err)
	}
	return d, nil
}

func (c *Compiler) dynamoKey(member, field, value, kind string) (dynamoKey, error) {
	name, err1 := c.template(member+"Field", field)
	made, err2 := c.template(member+"Value", value)
	var err3 error
	if kind != "" && kind != "STRING" && kind != "NUMBER" {
		err3 = fmt.Errorf("%sType is STRING or NUMBER, not %q", member, kind)
	}
	return dynamoKey{name, made, kind == "NUMBER"}, errors.Join(err1, err2, err3)
}

func (dynamoDBAction) Kind() string { return "dynamoDB" }

func (d dynamoDBAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	table, err := d.table.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: table, Resource: table}
	item := map[string]types.AttributeValue{}
	field, err := d.payload.Expand(a.Input)
	if err != nil {
		return o, err
	}
	if item[field], err = attribute.Of(payload); err != nil {
		item[field] = &types.AttributeValueMemberB{Value: payload}
	}
	for _, key := range []dynamoKey{d.hash, d.sort} {
		if err := key.put(a, item); err != nil {
			return o, err
		}
	}
	if err := a.May(d.role, "dynamodb:PutItem", "table/"+table); err != nil {
		return o, fmt.Errorf("put item: %w", err)
	}
	return o, putItem(ctx, d.target, table, item)
}

func (k dynamoKey) put(a *Firing, item map[string]types.AttributeValue) error {
	if k.name == nil {
		return nil
	}
	name, err := k.name.Expand(a.Input)
	if err != nil {
		return err
	}
	value, err := k.value.Expand(a.Input)
	if err != nil {
		return err
	}
	if _, twice := item[name]; twice {
		return fmt.Errorf("put item: attribute %s is written twice", name)
	}
	if k.number {
		item[name] = &types.AttributeValueMemberN{Value: value}
		return nil
	}
	item[name] = &types.AttributeValueMemberS{Value: value}
	return nil
}

func putItem(ctx context.Context, target DynamoDBTarget, table string, item map[string]types.AttributeValue) error {
	if _, err := target.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(table), Item: item}); err != nil {
		return fmt.Errorf("put item: %w", err)
	}
	return nil
}

package rule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/attribute"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Times that a function which asks another service may take. AWS states that of
// aws_lambda.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-aws-lambda
const (
	lambdaTimeout = 2 * time.Second
	fetchTimeout  = 5 * time.Second
)

// checkFetches tells which function of a rule has nobody to ask.
func (e *Engine) checkFetches(fetches []sql.Fetch) error {
	asked := false // the registry
	for _, f := range fetches {
		var missing bool
		switch f.Function {
		case "aws_lambda":
			missing = e.config.Targets.Lambda == nil
		case "get_dynamodb":
			missing = e.config.Targets.Items == nil
		case "get_thing_shadow":
			missing = e.config.Targets.Shadows == nil
		case "get_registry_data":
			if f.First != "DescribeThing" && f.First != "ListThingGroupsForThing" {
				return f.Fail("get_registry_data: the API is one of the constants 'DescribeThing' and 'ListThingGroupsForThing', not %q", f.First)
			}
			if asked {
				return f.Fail("get_registry_data may be called once in a rule, templates included")
			}
			asked = true
		}
		if missing {
			return f.Fail("this cloud has no target for the function %s", f.Function)
		}
	}
	return nil
}

// fetcher asks for one message of one rule.
type fetcher struct {
	engine *Engine
	ctx    context.Context
	rule   *action.Firing
}

// Fetch implements sql.Fetcher.
func (f fetcher) Fetch(function string, args []string) ([]byte, error) {
	limit := fetchTimeout
	if function == "aws_lambda" {
		limit = lambdaTimeout
	}
	ctx, cancel := context.WithTimeout(f.ctx, limit)
	defer cancel()
	if function == "aws_lambda" {
		return f.engine.invoke(f.rule.As(ctx), args)
	}
	texts := make([]string, len(args))
	for i, a := range args {
		if json.Unmarshal([]byte(a), &texts[i]) != nil && (function != "get_dynamodb" || i != 2 && i != 4) {
			return nil, fmt.Errorf("argument %d is not a String", i+1)
		}
	}
	last := len(texts) - 1
	if err := action.CheckRole(texts[last]); err != nil {
		return nil, err
	}
	if err := f.may(function, texts); err != nil {
		return nil, err
	}
	switch function {
	case "get_dynamodb":
		return f.engine.item(ctx, texts[:last], args)
	case "get_thing_shadow":
		name := ""
		if last == 2 {
			name = texts[1]
		}
		return f.engine.config.Targets.Shadows.Shadow(ctx, texts[0], name)
	case "get_registry_data":
		return f.engine.lookUp(ctx, texts[0], texts[1])
	}
	return nil, errors.New("not implemented by Shakedown")
}

// may asks whether the role, the last argument, lets the rule ask.
func (f fetcher) may(function string, args []string) error {
	role := args[len(args)-1]
	switch function {
	case "get_dynamodb":
		return f.rule.May(role, "dynamodb:GetItem", "table/"+args[0])
	case "get_thing_shadow":
		thing := "thing/" + args[0]
		if len(args) == 3 && args[1] != "" {
			thing += "/" + args[1]
		}
		return f.rule.May(role, "iot:GetThingShadow", thing)
	case "get_registry_data":
		return f.rule.May(role, "iot:"+args[0], "thing/"+args[1])
	}
	return nil
}

// lookUp asks the registry about a thing.
func (e *Engine) lookUp(ctx context.Context, api, thing string) ([]byte, error) {
	var out any
	var err error
	if api == "ListThingGroupsForThing" {
		out, err = e.config.Registry.ListThingGroupsForThing(ctx, &registry.ListGroupsForThingInput{ThingName: thing})
	} else {
		out, err = e.config.Registry.DescribeThing(ctx, &registry.DescribeThingInput{ThingName: thing})
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// invoke runs a function and waits for its answer.
func (e *Engine) invoke(ctx context.Context, args []string) ([]byte, error) {
	var function string
	if json.Unmarshal([]byte(args[0]), &function) != nil {
		return nil, errors.New("argument 1 is not the ARN of a function")
	}
	out, err := e.config.Targets.Lambda.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(function), InvocationType: lambdatypes.InvocationTypeRequestResponse, Payload: []byte(args[1]),
	})
	if err != nil {
		return nil, fmt.Errorf("invoke %s: %w", function, err)
	}
	if out.FunctionError != nil {
		return nil, fmt.Errorf("invoke %s: the function failed: %.200s", function, out.Payload)
	}
	return out.Payload, nil
}

// item reads get_dynamodb(table, key, value[, sort key, value], role).
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-get-dynamodb
func (e *Engine) item(ctx context.Context, texts, args []string) ([]byte, error) {
	key := map[string]dynamotypes.AttributeValue{}
	for i := 1; i+1 < len(texts); i += 2 {
		v, err := attribute.Of([]byte(args[i+1]))
		if err != nil {
			return nil, fmt.Errorf("the value of key %s: %w", texts[i], err)
		}
		key[texts[i]] = v
	}
	out, err := e.config.Targets.Items.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(texts[0]), Key: key})
	if err != nil {
		return nil, fmt.Errorf("get item from %s: %w", texts[0], err)
	}
	if out.Item == nil {
		return nil, fmt.Errorf("get item from %s: there is none with this key", texts[0])
	}
	return attribute.JSON(&dynamotypes.AttributeValueMemberM{Value: out.Item})
}

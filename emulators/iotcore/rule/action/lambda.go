package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Lambda invokes a function asynchronously. The payload must be JSON: the
// action takes no binary (AWS.md §2).
// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
type Lambda struct {
	FunctionArn string `json:"functionArn"`
}

type lambdaAction struct {
	target   LambdaTarget
	function *sql.Template
}

func (c *Compiler) lambda(a *Lambda) (Compiled, error) {
	target := c.Targets.Lambda
	if target == nil {
		return nil, noTarget("lambda")
	}
	function, err := c.template("functionArn", a.FunctionArn)
	if err != nil {
		return nil, fmt.Errorf("lambda: %w", err)
	}
	return lambdaAction{target: target, function: function}, nil
}

func (lambdaAction) Kind() string { return "lambda" }

func (l lambdaAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	function, err := l.function.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: function, Resource: function}
	if !json.Valid(payload) {
		return o, errors.New("invoke: the payload is not JSON")
	}
	_, err = l.target.Invoke(a.As(ctx), &lambda.InvokeInput{
		FunctionName: aws.String(function), InvocationType: types.InvocationTypeEvent, Payload: payload,
	})
	if err != nil {
		return o, fmt.Errorf("invoke: %w", err)
	}
	return o, nil
}

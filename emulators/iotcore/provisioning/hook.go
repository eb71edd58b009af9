package provisioning

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Functions are the functions of hooks, as an SDK client invokes them.
type Functions interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// hookTimeout: "The Lambda function must finish running and return within 5 seconds".
// https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
const hookTimeout = 5 * time.Second

// hookAnswer is what the function answers. It may say more: AWS reads these two.
type hookAnswer struct {
	AllowProvisioning  bool              `json:"allowProvisioning"`
	ParameterOverrides map[string]string `json:"parameterOverrides"`
}

// askHook asks the function of the template's pre-provisioning hook, if it has one,
// and answers the parameters that it adds.
func (s *Service) askHook(template string, from Client, in registerRequest) (map[string]string, error) {
	function, request, err := s.Registry.Hook(template, in.Token, in.Parameters)
	if err != nil || function == "" {
		return nil, err
	}
	request.ClaimCertificateID, request.ClientID = from.Certificate, from.ID
	answer, err := s.callHook(function, request)
	if err == nil && !answer.AllowProvisioning {
		err = errors.New("it does not allow provisioning")
	}
	if err != nil {
		s.Log.Warn("pre-provisioning hook", "template", template, "function", function, "client", from.ID, "error", err)
		return nil, wire.Errorf("ACCESS_DENIED", 403, "the pre-provisioning hook of template %s denied: %s", template, err)
	}
	return answer.ParameterOverrides, nil
}

func (s *Service) callHook(function string, request registry.HookRequest) (answer hookAnswer, err error) {
	if s.Functions == nil {
		return answer, errors.New("this cloud has no target for functions")
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return answer, err
	}
	caller := policy.Caller{Service: "iot.amazonaws.com", SourceARN: request.TemplateArn, SourceAccount: s.Identity.Account}
	ctx, cancel := context.WithTimeout(policy.WithCaller(context.Background(), caller), hookTimeout)
	defer cancel()
	out, err := s.Functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(function), InvocationType: types.InvocationTypeRequestResponse, Payload: payload,
	})
	if err != nil {
		return answer, err
	}
	if out.FunctionError != nil {
		return answer, errors.New("the function failed: " + *out.FunctionError)
	}
	err = json.Unmarshal(out.Payload, &answer)
	return answer, err
}

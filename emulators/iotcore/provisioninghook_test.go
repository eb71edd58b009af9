package iotcore

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

const hookFunction = "arn:aws:lambda:us-east-1:000000000000:function:hook"

// hook is the function of a pre-provisioning hook: it answers what it is told.
type hook struct {
	answer string
	err    error
	failed *string
	slow   time.Duration
	asked  []string
}

func (h *hook) Invoke(ctx context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	if *in.FunctionName != hookFunction || in.InvocationType != lambdatypes.InvocationTypeRequestResponse {
		return nil, errors.New("another function")
	}
	if policy.CallerOf(ctx) != (policy.Caller{Service: "iot.amazonaws.com", SourceARN: "arn:aws:iot:us-east-1:000000000000:provisioningtemplate/pumps", SourceAccount: "000000000000"}) {
		return nil, errors.New("another caller")
	}
	h.asked = append(h.asked, string(in.Payload))
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(h.slow):
	}
	return &lambda.InvokeOutput{Payload: []byte(h.answer), FunctionError: h.failed}, h.err
}

// TestPreProvisioningHook: the function has AWS's request, and provisioning goes on
// only when it says so, within five seconds.
// https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
func TestPreProvisioningHook(t *testing.T) {
	inBubble(t, func(f *fixture) {
		api, h := iot.NewFromConfig(awsConfig(f.core.Control())), &hook{}
		f.core.claims.Functions = h
		_, err := api.CreateProvisioningTemplate(context.Background(), &iot.CreateProvisioningTemplateInput{
			TemplateName: aws.String("pumps"), TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole), Enabled: aws.Bool(true),
			PreProvisioningHook: &types.ProvisioningHook{TargetArn: aws.String(hookFunction), PayloadVersion: aws.String("2020-04-01")},
		})
		require.NoError(t, err)
		claim := f.thing("claim", allowAll)
		c := f.dial("claim", claim)
		require.NotNil(t, c.subscribe(1, createCSRTopic+"/+", provisionTopic+"/+"))
		require.True(t, c.publish(createCSRTopic, aRequest(t)))
		made := c.answer(t, createCSRTopic+"/accepted")
		request := `{"certificateOwnershipToken":"` + made["certificateOwnershipToken"].(string) + `","parameters":{"SerialNumber":"7","Secret":"s"}}`
		for _, denial := range []struct {
			hook   hook
			reason string
		}{
			{hook{answer: `{"allowProvisioning": false}`}, "does not allow provisioning"},
			{hook{answer: `{}`}, "does not allow provisioning"},
			{hook{answer: `null`}, "does not allow provisioning"},
			{hook{answer: `yes`}, "invalid character"},
			{hook{err: errors.New("no such function")}, "no such function"},
			{hook{answer: `{"allowProvisioning": true}`, failed: aws.String("Unhandled")}, "Unhandled"},
			{hook{answer: `{"allowProvisioning": true}`, slow: 6 * time.Second}, "deadline exceeded"},
		} {
			*h = denial.hook
			require.True(t, c.publish(provisionTopic, request))
			got := c.answer(t, provisionTopic+"/rejected")
			require.Equal(t, []any{403.0, "ACCESS_DENIED"}, []any{got["statusCode"], got["errorCode"]})
			require.Contains(t, got["errorMessage"], denial.reason)
		}
		require.Equal(t, registry.PendingActivation, f.status(made["certificateId"].(string)))

		*h = hook{answer: `{"allowProvisioning": true, "parameterOverrides": {"Site": "Seattle"}}`, slow: 4 * time.Second}
		require.True(t, c.publish(provisionTopic, request))
		time.Sleep(5 * time.Second)
		require.Equal(t, map[string]any{"thingName": "pump-7", "deviceConfiguration": map[string]any{"FallbackUrl": "https://Seattle"}},
			c.answer(t, provisionTopic+"/accepted"))
		var asked map[string]any
		require.NoError(t, json.Unmarshal([]byte(h.asked[0]), &asked))
		require.Equal(t, map[string]any{
			"claimCertificateId": registry.Fingerprint(claim.Certificate[0]), "certificateId": made["certificateId"], "certificatePem": made["certificatePem"],
			"templateArn": "arn:aws:iot:us-east-1:000000000000:provisioningtemplate/pumps", "clientId": "claim",
			"parameters": map[string]any{"SerialNumber": "7", "Secret": "s"},
		}, asked)

		require.True(t, c.publish(provisionTopic, strings.Replace(request, made["certificateOwnershipToken"].(string), "", 1)))
		got := c.answer(t, provisionTopic+"/rejected")
		require.Equal(t, []any{400.0, "InvalidCertificateOwnershipToken", "Certificate ownership token cannot be empty."},
			[]any{got["statusCode"], got["errorCode"], got["errorMessage"]})
		require.Len(t, h.asked, 1, "a bad token asks nobody")
	})
}

// TestHookSettings: what a hook may be, and how it goes away.
func TestHookSettings(t *testing.T) {
	c, ctx, name := controlClient(t), t.Context(), aws.String("pumps")
	in := &iot.CreateProvisioningTemplateInput{TemplateName: name, TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole)}
	for reason, h := range map[string]*types.ProvisioningHook{
		"payloadVersion of preProvisioningHook is 2020-04-01": {TargetArn: aws.String(hookFunction), PayloadVersion: aws.String("2019-01-01")},
		"is not the ARN of a function":                        {TargetArn: aws.String("hook")},
	} {
		in.PreProvisioningHook = h
		_, err := c.CreateProvisioningTemplate(ctx, in)
		requireCode(t, err, "InvalidRequestException", reason)
	}
	in.PreProvisioningHook = &types.ProvisioningHook{TargetArn: aws.String(hookFunction)}
	in.Type = types.TemplateTypeJitp
	_, err := c.CreateProvisioningTemplate(ctx, in)
	requireCode(t, err, "InvalidRequestException", "only a template of type FLEET_PROVISIONING")
	in.Type = ""
	_, err = c.CreateProvisioningTemplate(ctx, in)
	require.NoError(t, err)
	got, err := c.DescribeProvisioningTemplate(ctx, &iot.DescribeProvisioningTemplateInput{TemplateName: name})
	require.NoError(t, err)
	require.Equal(t, hookFunction, *got.PreProvisioningHook.TargetArn)
	_, err = c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: name, RemovePreProvisioningHook: aws.Bool(true)})
	require.NoError(t, err)
	got, err = c.DescribeProvisioningTemplate(ctx, &iot.DescribeProvisioningTemplateInput{TemplateName: name})
	require.NoError(t, err)
	require.Nil(t, got.PreProvisioningHook)
}

package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/smithy-go"
)

// Outputs says where the deployed pipeline is.
type Outputs struct {
	// DeadLetterURL is the queue's URL as this endpoint names it.
	DeadLetterURL string
	AlertTopicARN string
	// APIEndpoint is the device API's base URL; the published pipeline has none.
	APIEndpoint string
	// Created lists what this call made; empty when everything was there.
	Created []string
}

// deployment is one Deploy in progress.
type deployment struct {
	Config
	out       Outputs
	streams   *kinesis.Client
	items     *dynamodb.Client
	objects   *s3.Client
	series    *timestreamwrite.Client
	topics    *sns.Client
	queues    *sqs.Client
	functions *lambda.Client
	rules     *iot.Client
	apis      *apigatewayv2.Client
	schedules *scheduler.Client
	roles     *iam.Client
	madeRoles bool // which services of AWS know only a while later
}

func newDeployment(cfg aws.Config, c Config) *deployment {
	return &deployment{
		Config:    c,
		streams:   kinesis.NewFromConfig(cfg),
		items:     dynamodb.NewFromConfig(cfg),
		objects:   s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		series:    timestreamwrite.NewFromConfig(cfg),
		topics:    sns.NewFromConfig(cfg),
		queues:    sqs.NewFromConfig(cfg),
		functions: lambda.NewFromConfig(cfg),
		rules:     iot.NewFromConfig(cfg),
		apis:      apigatewayv2.NewFromConfig(cfg),
		schedules: scheduler.NewFromConfig(cfg),
		roles:     iam.NewFromConfig(cfg),
	}
}

// step is one resource: its name for errors, and what makes it where it is not
// there. make reports whether it did.
type step struct {
	name string
	make func(context.Context) (bool, error)
}

func (d *deployment) run(ctx context.Context, steps []step) (Outputs, error) {
	for _, s := range steps {
		created, err := s.make(ctx)
		if err != nil {
			return d.out, fmt.Errorf("deploy %s: %w", s.name, err)
		}
		if created {
			d.out.Created = append(d.out.Created, s.name)
		}
	}
	return d.out, nil
}

// Deploy makes the pipeline's resources on the endpoint of cfg. It may run
// again: Outputs.Created then is empty.
func Deploy(ctx context.Context, cfg aws.Config, c Config) (Outputs, error) {
	c = c.WithDefaults()
	if err := c.Validate(); err != nil {
		return Outputs{}, err
	}
	d := newDeployment(cfg, c)
	steps := append(d.stores(), d.rulesRole())
	for _, name := range []string{StreamProcessor, AlertHandler, DeviceStatus, DevicePresence, OfflineSweep, DeviceAPI} {
		steps = append(steps, d.functionRole(name), d.function(name))
	}
	steps = append(steps,
		d.mapping(StreamProcessor, true), d.mapping(AlertHandler, true),
		step{"policy " + c.Policy, d.policy},
	)
	steps = append(steps, d.defaultRules()...)
	steps = append(steps, step{"api " + c.API, d.api}, d.schedulerRole(), step{"schedule " + c.Schedule, d.schedule})
	return d.run(ctx, steps)
}

// DeployPublished makes what the source document makes: its three rules and its
// functions, with AWS's defaults where it says nothing.
func DeployPublished(ctx context.Context, cfg aws.Config, c Config) (Outputs, error) {
	c = c.WithDefaults()
	if err := c.Validate(); err != nil {
		return Outputs{}, err
	}
	d := newDeployment(cfg, c)
	steps := append(d.stores(), d.rulesRole())
	for _, name := range []string{StreamProcessor, AlertHandler, DeviceAPI} {
		steps = append(steps, d.functionRole(name), d.function(name))
	}
	steps = append(steps, d.mapping(StreamProcessor, false), step{"policy " + c.Policy, d.policy})
	steps = append(steps, d.publishedRules()...)
	return d.run(ctx, steps)
}

// hasCode tells whether err is an AWS error with one of these codes.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}

// unlessThere turns "it is there already" into no error and not created.
func unlessThere(err error, codes ...string) (bool, error) {
	if err == nil {
		return true, nil
	}
	if hasCode(err, codes...) {
		return false, nil
	}
	return false, err
}

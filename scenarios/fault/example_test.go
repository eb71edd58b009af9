package fault_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

func ExampleInjector() {
	injector := fault.New(1)
	cloud, err := emulators.New(emulators.Config{
		Wrap:        func(next aws.HTTPClient) aws.HTTPClient { return injector.Wrap(next) },
		WrapTargets: injector.WrapTargets,
	})
	if err != nil {
		panic(err)
	}
	cfg := cloud.AWSConfig()
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	queues := sqs.NewFromConfig(cfg)

	f := simfault.Fault{Kind: simfault.LostAnswer, For: time.Minute, Target: simfault.Target{Service: "sqs", Operation: "CreateQueue"}}
	if err := fault.Validate(f); err != nil {
		panic(err)
	}
	injector.Begin(0, f)
	_, err = queues.CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: aws.String("commands")})
	fmt.Println("created:", err == nil)
	injector.End(0)
	list, err := queues.ListQueues(context.Background(), &sqs.ListQueuesInput{})
	if err != nil {
		panic(err)
	}
	fmt.Println(len(list.QueueUrls), "queue;", injector.Hits(0), "hit")
	// Output:
	// created: false
	// 1 queue; 1 hit
}

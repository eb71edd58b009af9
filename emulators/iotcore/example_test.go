package iotcore_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/shakedown-iot/shakedown/emulators/iotcore"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// printer is an action target that prints.
type printer struct{ done chan struct{} }

func (p printer) PutRecord(_ context.Context, in *kinesis.PutRecordInput, _ ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	fmt.Printf("%s %s %s\n", *in.StreamName, *in.PartitionKey, in.Data)
	close(p.done)
	return &kinesis.PutRecordOutput{}, nil
}

// A rule that sends telemetry to a stream, and a message over HTTP. Devices
// would connect to a listener given to Serve.
func Example() {
	target := printer{done: make(chan struct{})}
	core, err := iotcore.New(iotcore.Config{Targets: action.Targets{Kinesis: target}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- core.Run(ctx) }()

	rule := `{"sql": "SELECT * FROM 'devices/+/telemetry'", "awsIotSqlVersion": "2016-03-23", "actions": [{"kinesis":
		{"streamName": "iot-telemetry", "partitionKey": "${topic(2)}", "roleArn": "arn:aws:iam::000000000000:role/rules"}}]}`
	core.Control().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/rules/TelemetryToKinesis", strings.NewReader(rule)))
	core.Data().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/topics/devices%2Fsensor-001%2Ftelemetry", strings.NewReader(`{"n":1}`)))

	<-target.done
	stop()
	fmt.Println(<-ended)
	// Output:
	// iot-telemetry sensor-001 {"n":1}
	// <nil>
}

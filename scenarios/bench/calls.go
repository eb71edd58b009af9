package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// Calls are the medians of one call after the other, each from the SDK and back
// over a socket; zero is not measured.
type Calls struct {
	PutRecord  time.Duration `json:"put_record_ns,omitempty"`
	UpdateItem time.Duration `json:"update_item_ns,omitempty"`
	PutObject  time.Duration `json:"put_object_ns,omitempty"`
	Publish    time.Duration `json:"publish_ns,omitempty"`
}

// callsEach is how often each is called, after as many to warm up.
const callsEach = 500

// reading is the size of one that devices send, in bytes.
const reading = 200

// calls measures what one call of a user's own client takes, signed as ever.
func (o Options) calls(ctx context.Context, w *scenarios.World, r *Result) (err error) {
	if o.Listen == nil {
		return nil
	}
	l, err := o.Listen()
	if err != nil {
		return fmt.Errorf("listen for calls: %w", err)
	}
	server := &http.Server{Handler: w.Handler(), ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	transport := &http.Transport{}
	defer func() {
		transport.CloseIdleConnections()
		err = errors.Join(err, server.Close())
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}()
	at := aws.Config{
		Region: w.AWS.Region, Credentials: w.AWS.Credentials,
		BaseEndpoint: aws.String("http://" + l.Addr().String()), HTTPClient: &http.Client{Transport: transport},
	}
	payload := bytes.Repeat([]byte("x"), reading)
	for _, one := range []struct {
		name string
		call func(context.Context) error
		took *time.Duration
	}{
		{"PutRecord", putRecord(at, w, payload), &r.Calls.PutRecord},
		{"UpdateItem", updateItem(at, w), &r.Calls.UpdateItem},
		{"PutObject", putObject(at, w, payload), &r.Calls.PutObject},
		{"Publish", publish(at, payload), &r.Calls.Publish},
	} {
		if *one.took, err = median(ctx, one.call); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

// median is what the middle one of many calls takes.
func median(ctx context.Context, call func(context.Context) error) (time.Duration, error) {
	took := make([]time.Duration, 0, callsEach)
	for i := range 2 * callsEach {
		began := time.Now()
		if err := call(ctx); err != nil {
			return 0, err
		}
		if i >= callsEach {
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

func putRecord(at aws.Config, w *scenarios.World, payload []byte) func(context.Context) error {
	client := kinesis.NewFromConfig(at)
	in := &kinesis.PutRecordInput{StreamName: &w.Pipeline.Stream, PartitionKey: aws.String("bench"), Data: payload}
	return func(ctx context.Context) error {
		_, err := client.PutRecord(ctx, in)
		return err
	}
}

func updateItem(at aws.Config, w *scenarios.World) func(context.Context) error {
	client := dynamodb.NewFromConfig(at)
	in := &dynamodb.UpdateItemInput{
		TableName: &w.Pipeline.Table,
		Key: map[string]dynamotypes.AttributeValue{
			"PK": &dynamotypes.AttributeValueMemberS{Value: "BENCH#1"}, "SK": &dynamotypes.AttributeValueMemberS{Value: "STATE"},
		},
		UpdateExpression:          aws.String("SET lastSeen = :now ADD seen :one"),
		ExpressionAttributeValues: map[string]dynamotypes.AttributeValue{":now": &dynamotypes.AttributeValueMemberS{Value: "2026-01-01T00:00:00Z"}, ":one": &dynamotypes.AttributeValueMemberN{Value: "1"}},
	}
	return func(ctx context.Context) error {
		_, err := client.UpdateItem(ctx, in)
		return err
	}
}

func putObject(at aws.Config, w *scenarios.World, payload []byte) func(context.Context) error {
	client := s3.NewFromConfig(at, func(o *s3.Options) { o.UsePathStyle = true })
	return func(ctx context.Context) error {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &w.Pipeline.Bucket, Key: aws.String("bench/1"), Body: bytes.NewReader(payload)})
		return err
	}
}

func publish(at aws.Config, payload []byte) func(context.Context) error {
	client := iotdataplane.NewFromConfig(at)
	in := &iotdataplane.PublishInput{Topic: aws.String("bench/1"), Qos: 1, Payload: payload}
	return func(ctx context.Context) error {
		_, err := client.Publish(ctx, in)
		return err
	}
}

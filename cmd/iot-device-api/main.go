// Command iot-device-api is the bootstrap of the function of that name.
package main

import (
	"context"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/shakedown-iot/shakedown/pipeline"
)

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	settings, err := pipeline.FromEnvironment(os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(pipeline.Function(pipeline.DeviceAPI, cfg, settings))
}

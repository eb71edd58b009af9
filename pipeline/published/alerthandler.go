package published

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/aws/aws-lambda-go/events"
)

// AlertHandler is alert-handler/handler.js, step 5.
type AlertHandler struct {
	topic   *sns.Client
	iotData *iotdataplane.Client
	arn     string
}

// NewAlertHandler makes an AlertHandler.
func NewAlertHandler(cfg aws.Config, topicARN string) *AlertHandler {
	return &AlertHandler{sns.NewFromConfig(cfg), iotdataplane.NewFromConfig(cfg), topicARN}
}

// telemetry is the event of step 5: the raw message, as the rule passes it on.
type telemetry struct {
	DeviceID  string         `json:"deviceId"`
	Timestamp float64        `json:"timestamp"`
	Data      map[string]any `json:"data"`
}

// Handle is exports.handler of step 5: each sample over the threshold alerts
// again; the battery only when the temperature rule has fired; a low battery
// turns CRITICAL into WARNING.
func (h *AlertHandler) Handle(ctx context.Context, event telemetry) error {
	if event.Data == nil {
		return errors.New("TypeError: Cannot read properties of undefined (reading 'temperature')")
	}
	severity, message := "INFO", ""
	temperature, hot := event.Data["temperature"].(float64)
	switch {
	case hot && temperature > 50:
		severity = "CRITICAL"
		message = fmt.Sprintf("Device %s: Temperature critically high at %v C", event.DeviceID, temperature)
	case hot && temperature > 40:
		severity = "WARNING"
		message = fmt.Sprintf("Device %s: Temperature elevated at %v C", event.DeviceID, temperature)
	}
	if battery, ok := event.Data["battery_pct"].(float64); ok && battery < 10 {
		severity = "WARNING"
		message += fmt.Sprintf(" | Battery critically low at %v%%", battery)
	}
	body, err := json.Marshal(map[string]any{
		"severity": severity, "deviceId": event.DeviceID, "message": message, "data": event.Data,
		"timestamp": time.UnixMilli(int64(event.Timestamp)).UTC().Format("2006-01-02T15:04:05.000Z"),
	})
	if err != nil {
		return err
	}
	// The subject is made of an id that nobody checked.
	_, err = h.topic.Publish(ctx, &sns.PublishInput{
		TopicArn: &h.arn, Subject: aws.String("IoT Alert [" + severity + "]: " + event.DeviceID), Message: aws.String(string(body))})
	if err != nil {
		return err
	}
	if severity != "CRITICAL" {
		return nil
	}
	_, err = h.iotData.Publish(ctx, &iotdataplane.PublishInput{
		Topic:   aws.String("devices/" + event.DeviceID + "/commands"),
		Payload: []byte(`{"action":"enter_safe_mode","reason":"Temperature exceeded critical threshold"}`),
	})
	return err
}

// DeviceAPI is device-api/handler.js: both endpoints use docClient, which is
// never created.
func DeviceAPI(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return events.APIGatewayV2HTTPResponse{}, errDocClient
}

package devices

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
)

// API is the device API: one function behind an API Gateway HTTP API.
//
//	GET  /devices/{deviceId}            the device's state; 404 when there is none
//	GET  /devices?status=&limit=&cursor=  devices by status, online when not given
//	POST /devices/{deviceId}/commands   {"action": …}; 202 when it was published
type API struct {
	store   store
	devices *iotdataplane.Client
	log     *slog.Logger
}

// NewAPI makes an API.
func NewAPI(cfg aws.Config, table string, log *slog.Logger) *API {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &API{store{dynamodb.NewFromConfig(cfg), table}, iotdataplane.NewFromConfig(cfg), log}
}

// Routes are the route keys that Handle serves.
func Routes() []string {
	return []string{"GET /devices", "GET /devices/{deviceId}", "POST /devices/{deviceId}/commands"}
}

// Handle answers a request of payload format 2.0. An error inside is logged and
// a 500 without details.
func (a *API) Handle(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	status, body, err := a.route(ctx, r)
	if err != nil {
		a.log.ErrorContext(ctx, "device api", "route", r.RouteKey, "error", err)
		status, body = http.StatusInternalServerError, failure("internal error")
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("device api: %w", err)
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status, Body: string(encoded), Headers: map[string]string{"content-type": "application/json"},
	}, nil
}

func failure(text string) map[string]string { return map[string]string{"error": text} }

func (a *API) route(ctx context.Context, r events.APIGatewayV2HTTPRequest) (int, any, error) {
	switch r.RouteKey {
	case "GET /devices":
		return a.list(ctx, r.QueryStringParameters)
	case "GET /devices/{deviceId}":
		return a.get(ctx, r.PathParameters["deviceId"])
	case "POST /devices/{deviceId}/commands":
		return a.command(ctx, r)
	}
	return http.StatusNotFound, failure("not found: " + r.RouteKey), nil
}

func (a *API) item(ctx context.Context, thing string) (map[string]types.AttributeValue, error) {
	out, err := a.store.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &a.store.table, Key: stateKey(thing)})
	if err != nil {
		return nil, fmt.Errorf("get device %s: %w", thing, err)
	}
	return out.Item, nil
}

func (a *API) get(ctx context.Context, thing string) (int, any, error) {
	item, err := a.item(ctx, thing)
	if err != nil {
		return 0, nil, err
	}
	if item == nil {
		return http.StatusNotFound, failure("device not found"), nil
	}
	return http.StatusOK, present(item), nil
}

// Page sizes of a list.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

func (a *API) list(ctx context.Context, query map[string]string) (int, any, error) {
	status := query["status"]
	if status == "" {
		status = Online
	}
	if status != Online && status != Offline {
		return http.StatusBadRequest, failure("status is online or offline"), nil
	}
	limit := defaultLimit
	if s := query["limit"]; s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxLimit {
			return http.StatusBadRequest, failure(fmt.Sprintf("limit is 1 to %d", maxLimit)), nil
		}
		limit = n
	}
	in := &dynamodb.QueryInput{
		TableName: &a.store.table, IndexName: aws.String(StatusIndex), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression:    aws.String("GSI1PK = :status"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":status": text(statusKey(status))},
	}
	if cursor := query["cursor"]; cursor != "" {
		key, ok := openCursor(cursor, status)
		if !ok {
			return http.StatusBadRequest, failure("cursor was not given out"), nil
		}
		in.ExclusiveStartKey = key
	}
	out, err := a.store.client.Query(ctx, in)
	if err != nil {
		return 0, nil, fmt.Errorf("list devices: %w", err)
	}
	devices := []map[string]any{}
	for _, item := range out.Items {
		devices = append(devices, present(item))
	}
	body := map[string]any{"devices": devices}
	if out.LastEvaluatedKey != nil {
		body["cursor"] = makeCursor(out.LastEvaluatedKey)
	}
	return http.StatusOK, body, nil
}

// A cursor is the thing and lastSeen of the last device of a page.
func makeCursor(key map[string]types.AttributeValue) string {
	return base64.RawURLEncoding.EncodeToString([]byte(thingOf(key) + "\n" + stringOf(key["GSI1SK"])))
}

func openCursor(cursor, status string) (map[string]types.AttributeValue, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	thing, seen, ok := strings.Cut(string(raw), "\n")
	if err != nil || !ok || thing == "" || seen == "" {
		return nil, false
	}
	key := stateKey(thing)
	key["GSI1PK"], key["GSI1SK"] = text(statusKey(status)), text(seen)
	return key, true
}

// command publishes a command to a device that is known.
func (a *API) command(ctx context.Context, r events.APIGatewayV2HTTPRequest) (int, any, error) {
	thing := r.PathParameters["deviceId"]
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(r.Body)
		if err != nil {
			return http.StatusBadRequest, failure("the body is not base64"), nil
		}
		body = decoded
	}
	payload, err := checkCommand(body)
	if err != nil {
		return http.StatusBadRequest, failure(err.Error()), nil
	}
	item, err := a.item(ctx, thing)
	if err != nil {
		return 0, nil, err
	}
	if item == nil {
		return http.StatusNotFound, failure("device not found"), nil
	}
	_, err = a.devices.Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("devices/" + thing + "/commands"), Qos: 1, Payload: payload})
	if err != nil {
		return 0, nil, fmt.Errorf("command for %s: %w", thing, err)
	}
	return http.StatusAccepted, map[string]string{"deviceId": thing, "status": "sent"}, nil
}

// checkCommand reads a command strictly and gives it back in one form.
func checkCommand(body []byte) ([]byte, error) {
	var command struct {
		Action   string   `json:"action"`
		Interval *float64 `json:"interval,omitempty"`
		Reason   string   `json:"reason,omitempty"`
		ID       string   `json:"id,omitempty"`
	}
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&command); err != nil {
		return nil, fmt.Errorf("the body is not a command: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("the body is not a command: something stands behind it")
	}
	switch command.Action {
	case "reboot", "enter_safe_mode":
		if command.Interval != nil {
			return nil, fmt.Errorf("%s takes no interval", command.Action)
		}
	case "update_interval":
		if command.Interval == nil || *command.Interval < 1 || *command.Interval > 86400 {
			return nil, fmt.Errorf("interval is 1 to 86400 seconds")
		}
	default:
		return nil, fmt.Errorf("action %q is none of reboot, update_interval, enter_safe_mode", command.Action)
	}
	return json.Marshal(command)
}

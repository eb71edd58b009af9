package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// Alert is the message on SNS.
type Alert struct {
	// ID is <thing>/<kind>/<severity>/<ms>: the same for a repetition.
	ID        string             `json:"id"`
	Kind      string             `json:"kind"`
	Severity  string             `json:"severity"`
	DeviceID  string             `json:"deviceId"`
	Message   string             `json:"message"`
	Data      map[string]float64 `json:"data"`
	Timestamp string             `json:"timestamp"`
	Seq       uint64             `json:"seq,omitempty"`
	// Value and At are what the history keeps.
	Value float64 `json:"value"`
	At    int64   `json:"at"`
	// Told are the receivers that have it, while it is pending.
	Told []string `json:"told,omitempty"`
}

func newAlert(thing string, rule Rule, level int, value float64, r telemetry.Reading) Alert {
	severity := rule.Levels[level-1].Severity
	return Alert{
		ID:   fmt.Sprintf("%s/%s/%s/%d", thing, rule.Kind, severity, r.Timestamp),
		Kind: rule.Kind, Severity: severity, DeviceID: thing, Message: rule.message(thing, level, value),
		Data: r.Data(), Timestamp: telemetry.ISO(time.UnixMilli(r.Timestamp)), Seq: r.Seq, Value: value, At: r.Timestamp,
	}
}

// receiver is one that an alert goes to.
type receiver struct {
	name string
	tell func(context.Context, Alert) error
}

// receivers are those of an alert: history, people, device.
func (h *Handler) receivers(a Alert) []receiver {
	list := []receiver{{"history", h.remember}, {"people", h.notify}}
	if a.Severity == "CRITICAL" {
		list = append(list, receiver{"device", h.command})
	}
	return list
}

// publish tells every receiver that has not been told, and enters who has. One
// that cannot be told does not keep the others waiting.
func (h *Handler) publish(ctx context.Context, a *Alert) error {
	var errs []error
	for _, r := range h.receivers(*a) {
		if slices.Contains(a.Told, r.name) {
			continue
		}
		if err := r.tell(ctx, *a); err != nil {
			errs = append(errs, err)
			continue
		}
		a.Told = append(a.Told, r.name)
	}
	return errors.Join(errs...)
}

// notify tells people, on SNS.
func (h *Handler) notify(ctx context.Context, a Alert) error {
	a.Told = nil
	message, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = h.topic.Publish(ctx, &sns.PublishInput{
		TopicArn: &h.config.TopicARN, Subject: aws.String(subject(a)), Message: aws.String(string(message))})
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// command tells the device to go into safe mode.
func (h *Handler) command(ctx context.Context, a Alert) error {
	command, err := json.Marshal(map[string]string{"action": "enter_safe_mode", "reason": a.Message})
	if err != nil {
		return err
	}
	_, err = h.devices.Publish(ctx, &iotdataplane.PublishInput{
		Topic: aws.String("devices/" + a.DeviceID + "/commands"), Qos: 1, Payload: command})
	if err != nil {
		return fmt.Errorf("command enter_safe_mode: %w", err)
	}
	return nil
}

// remember writes the alert into the history. A time that Timestream rejects
// leaves the history without it; the alert itself goes out.
func (h *Handler) remember(ctx context.Context, a Alert) error {
	_, err := h.series.WriteRecords(ctx, &timestreamwrite.WriteRecordsInput{
		DatabaseName: &h.config.Database, TableName: &h.config.Table,
		Records: []types.Record{{
			Dimensions: []types.Dimension{
				{Name: aws.String("device_id"), Value: &a.DeviceID},
				{Name: aws.String("severity"), Value: &a.Severity},
			},
			MeasureName: &a.Kind, MeasureValue: aws.String(strconv.FormatFloat(a.Value, 'g', -1, 64)),
			MeasureValueType: types.MeasureValueTypeDouble,
			Time:             aws.String(strconv.FormatInt(a.At, 10)), TimeUnit: types.TimeUnitMilliseconds,
		}},
	})
	if _, rejected := errors.AsType[*types.RejectedRecordsException](err); rejected {
		h.config.Log.WarnContext(ctx, "the alert history rejected an alert", "alert", a.ID, "error", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("alert history: %w", err)
	}
	return nil
}

// maxSubject is what SNS takes: less than 100 characters (AWS.md §5).
const maxSubject = 99

// subject is made of an id that was checked: no line break or control character
// of a device gets into a mail header.
func subject(a Alert) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return '?'
		}
		return r
	}, a.DeviceID)
	runes := []rune("IoT Alert [" + a.Severity + "]: " + clean)
	return string(runes[:min(len(runes), maxSubject)])
}

package action

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// CloudwatchMetric puts one point of a metric without dimensions for each
// message; all its members but the role are templates. Without MetricTimestamp, which
// is in seconds, the time is the message's.
// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-metrics-rule-action.html
type CloudwatchMetric struct {
	MetricName      string `json:"metricName"`
	MetricNamespace string `json:"metricNamespace"`
	MetricValue     string `json:"metricValue"`
	MetricUnit      string `json:"metricUnit"`
	MetricTimestamp string `json:"metricTimestamp,omitempty"`
	RoleArn         string `json:"roleArn"`
}

type cloudwatchMetricAction struct {
	target                       MetricsTarget
	role                         string
	name, namespace, value, unit *sql.Template
	time                         *sql.Template // nil: the message's
}

func (c *Compiler) cloudwatchMetric(a *CloudwatchMetric) (Compiled, error) {
	if c.Targets.Metrics == nil {
		return nil, noTarget("cloudwatchMetric")
	}
	m := cloudwatchMetricAction{target: c.Targets.Metrics, role: a.RoleArn}
	var errs [5]error
	m.name, errs[0] = c.template("metricName", a.MetricName)
	m.namespace, errs[1] = c.template("metricNamespace", a.MetricNamespace)
	m.value, errs[2] = c.template("metricValue", a.MetricValue)
	m.unit, errs[3] = c.template("metricUnit", a.MetricUnit)
	if a.MetricTimestamp != "" {
		m.time, errs[4] = c.template("metricTimestamp", a.MetricTimestamp)
	}
	if err := errors.Join(errors.Join(errs[:]...), CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("cloudwatchMetric: %w", err)
	}
	return m, nil
}

func (cloudwatchMetricAction) Kind() string { return "cloudwatchMetric" }

func (m cloudwatchMetricAction) Run(ctx context.Context, a *Firing, _ []byte) (Outcome, error) {
	var o Outcome
	var texts [4]string
	for i, t := range []*sql.Template{m.namespace, m.name, m.value, m.unit} {
		var err error
		if texts[i], err = t.Expand(a.Input); err != nil {
			return o, err
		}
	}
	namespace, name := texts[0], texts[1]
	o = Outcome{Made: namespace + " " + name, Resource: name}
	value, err := strconv.ParseFloat(strings.TrimSpace(texts[2]), 64)
	if err != nil {
		return o, fmt.Errorf("put metric data: metricValue %.100q is not a number", texts[2])
	}
	at := a.Input.Time
	if m.time != nil {
		if at, err = m.timestamp(a); err != nil {
			return o, fmt.Errorf("put metric data: %w", err)
		}
	}
	if err := a.decide(policy.Use{Role: m.role, Action: "cloudwatch:PutMetricData", Resource: "*", Given: policy.Given{Key: "cloudwatch:namespace", Value: namespace}}); err != nil {
		return o, fmt.Errorf("put metric data: %w", err)
	}
	_, err = m.target.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace: &namespace, MetricData: []types.MetricDatum{{MetricName: &name, Value: &value, Unit: types.StandardUnit(texts[3]), Timestamp: &at}},
	})
	if err != nil {
		return o, fmt.Errorf("put metric data: %w", err)
	}
	return o, nil
}

// timestamp is in seconds, which may have a fraction.
func (m cloudwatchMetricAction) timestamp(a *Firing) (time.Time, error) {
	text, err := m.time.Expand(a.Input)
	if err != nil {
		return time.Time{}, err
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(seconds) || math.Abs(seconds) > 1e11 {
		return time.Time{}, fmt.Errorf("metricTimestamp %.100q is not a time in seconds", text)
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
}

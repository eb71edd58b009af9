package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// maxMeasures: "The maximum number of values that a Timestream rule action can
// write into an Amazon Timestream table is 100."
// https://docs.aws.amazon.com/iot/latest/developerguide/timestream-rule-action.html
const maxMeasures = 100

// Timestream writes one record for each member of the payload; its type is
// what the member looks like. A member that is null has no type and fails the
// action: AWS does not say.
// https://docs.aws.amazon.com/iot/latest/developerguide/timestream-rule-action.html
type Timestream struct {
	RoleArn      string                `json:"roleArn"`
	DatabaseName string                `json:"databaseName"`
	TableName    string                `json:"tableName"`
	Dimensions   []TimestreamDimension `json:"dimensions"`
	Timestamp    *TimestreamTimestamp  `json:"timestamp,omitempty"`
}

// TimestreamDimension is a dimension of all records; its value is a template.
type TimestreamDimension struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// TimestreamTimestamp is the time of all records; without one it is the engine's.
type TimestreamTimestamp struct {
	Value string `json:"value"`
	Unit  string `json:"unit"`
}

type timestreamAction struct {
	target          TimestreamTarget
	role            string
	database, table *sql.Template
	names           []string // of dimensions
	values          []*sql.Template
	time            *sql.Template // nil: the engine's
	statement       *sql.Statement
	unit            types.TimeUnit
}

func (c *Compiler) timestream(a *Timestream) (Compiled, error) {
	if c.Targets.Timestream == nil {
		return nil, noTarget("timestream")
	}
	t := timestreamAction{target: c.Targets.Timestream, role: a.RoleArn, unit: types.TimeUnitMilliseconds, statement: c.Statement}
	var err1, err2 error
	t.database, err1 = c.template("databaseName", a.DatabaseName)
	t.table, err2 = c.template("tableName", a.TableName)
	errs := []error{err1, err2, CheckRole(a.RoleArn)}
	if len(a.Dimensions) == 0 {
		errs = append(errs, errors.New("dimensions are missing"))
	}
	for _, d := range a.Dimensions {
		value, err := c.template("the value of dimension "+d.Name, d.Value)
		errs = append(errs, err, checkDimension(d.Name))
		t.names, t.values = append(t.names, d.Name), append(t.values, value)
	}
	if a.Timestamp != nil {
		var err error
		t.time, err = c.template("timestamp.value", a.Timestamp.Value)
		errs = append(errs, err)
		switch a.Timestamp.Unit {
		case "":
		case "SECONDS", "MILLISECONDS", "MICROSECONDS", "NANOSECONDS":
			t.unit = types.TimeUnit(a.Timestamp.Unit)
		default:
			errs = append(errs, fmt.Errorf("timestamp.unit is not a unit: %q", a.Timestamp.Unit))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("timestream: %w", err)
	}
	return t, nil
}

// checkDimension refuses the names that AWS reserves.
func checkDimension(name string) error {
	switch {
	case name == "", name == "measure_name", name == "time", strings.HasPrefix(name, "ts_"), strings.HasPrefix(name, "measure_value"), strings.Contains(name, ":"):
		return fmt.Errorf("dimension name %q is not allowed", name)
	}
	return nil
}

func (timestreamAction) Kind() string { return "timestream" }

func (t timestreamAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	database, err := t.database.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	table, err := t.table.Expand(a.Input)
	if err != nil {
		return Outcome{Resource: database}, err
	}
	o := Outcome{Made: database + "." + table, Resource: table}
	shared, err := t.shared(a)
	if err != nil {
		return o, err
	}
	payload, err = t.statement.Rewrite(payload)
	if err != nil {
		return o, fmt.Errorf("write records: %w", err)
	}
	records, err := measures(payload)
	if err != nil {
		return o, fmt.Errorf("write records: %w", err)
	}
	if err := t.permitted(a, database, table); err != nil {
		return o, fmt.Errorf("write records: %w", err)
	}
	_, err = t.target.WriteRecords(ctx, &timestreamwrite.WriteRecordsInput{
		DatabaseName: aws.String(database), TableName: aws.String(table), CommonAttributes: shared, Records: records,
	})
	if err != nil {
		return o, fmt.Errorf("write records: %w", err)
	}
	return o, nil
}

// permitted asks for both calls of a client of Timestream, as AWS wants of the role.
// https://docs.aws.amazon.com/iot/latest/developerguide/timestream-rule-action.html
func (t timestreamAction) permitted(a *Firing, database, table string) error {
	if err := a.May(t.role, "timestream:WriteRecords", "database/"+database+"/table/"+table); err != nil {
		return err
	}
	return a.ask(t.role, "timestream:DescribeEndpoints", "*", false)
}

// shared is what all records of a message have in common.
func (t timestreamAction) shared(a *Firing) (*types.Record, error) {
	r := &types.Record{TimeUnit: t.unit, Time: aws.String(strconv.FormatInt(a.Input.Time.UnixMilli(), 10))}
	for i, value := range t.values {
		text, err := value.Expand(a.Input)
		if err != nil {
			return nil, err
		}
		r.Dimensions = append(r.Dimensions, types.Dimension{Name: aws.String(t.names[i]), Value: aws.String(text)})
	}
	if t.time != nil {
		text, err := t.time.Expand(a.Input)
		if err != nil {
			return nil, err
		}
		r.Time = aws.String(text)
	}
	return r, nil
}

// measures makes a record of each member, in the payload's order.
func measures(payload []byte) ([]types.Record, error) {
	d := json.NewDecoder(bytes.NewReader(payload))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("the payload is not a JSON object")
	}
	var records []types.Record
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		r := types.Record{MeasureName: aws.String(name.(string))} // a member's name is a text
		if r.MeasureValueType, r.MeasureValue, err = measure(raw); err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		if records = append(records, r); len(records) > maxMeasures {
			return nil, fmt.Errorf("the payload has more than %d attributes", maxMeasures)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errors.New("the payload has no attributes")
	}
	return records, nil
}

// measure infers the type of a value: a decimal is a double, another number a
// bigint, so that 10.0, which leaves as 10, and 10.5 have two types.
func measure(raw json.RawMessage) (types.MeasureValueType, *string, error) {
	switch raw[0] {
	case 't', 'f':
		return types.MeasureValueTypeBoolean, aws.String(string(raw)), nil
	case 'n':
		return "", nil, errors.New("null has no type in Timestream")
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return types.MeasureValueTypeVarchar, &text, err
	case '{', '[':
		var compact bytes.Buffer
		err := json.Compact(&compact, raw)
		return types.MeasureValueTypeVarchar, aws.String(compact.String()), err
	}
	if bytes.ContainsAny(raw, ".eE") {
		return types.MeasureValueTypeDouble, aws.String(string(raw)), nil
	}
	return types.MeasureValueTypeBigint, aws.String(string(raw)), nil
}

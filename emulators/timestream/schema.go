package timestream

import (
	"fmt"
	"slices"
	"strings"
	"unique"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// read takes over a record's value. reason is why not.
func (p *point) read(r Record) (k value.Kind, reason string) {
	if r.MeasureValueType != "MULTI" {
		k = value.MeasureKinds[r.MeasureValueType]
		if !p.set(k, *r.MeasureValue) {
			return k, fmt.Sprintf("The measure value %.100q is not a valid %s", *r.MeasureValue, r.MeasureValueType)
		}
		return k, ""
	}
	for _, m := range r.MeasureValues {
		var v point
		if !v.set(value.MeasureKinds[m.Type], m.Value) {
			return value.Multi, fmt.Sprintf("The value %.100q of the measure %s is not a valid %s", m.Value, m.Name, m.Type)
		}
		p.multi = append(p.multi, measure{unique.Make(m.Name).Value(), value.MeasureKinds[m.Type], v.bits, v.text})
	}
	slices.SortFunc(p.multi, func(a, b measure) int { return strings.Compare(a.name, b.name) })
	return value.Multi, ""
}

func (r Record) tooLarge() string {
	size := len(r.MeasureName) + 8
	if r.MeasureValue != nil {
		size += len(*r.MeasureValue)
	}
	if len(r.MeasureValues) > maxMeasures {
		return fmt.Sprintf("The record has more than %d measures", maxMeasures)
	}
	for _, m := range r.MeasureValues {
		if len(m.Name) > maxMeasureName {
			return fmt.Sprintf("The measure name %.20s… is longer than %d bytes", m.Name, maxMeasureName)
		}
		size += len(m.Name) + len(m.Value)
	}
	if len(r.Dimensions) > maxDimensions {
		return fmt.Sprintf("The record has more than %d dimensions", maxDimensions)
	}
	for _, d := range r.Dimensions {
		if len(d.Name) > maxDimensionName {
			return fmt.Sprintf("The dimension name %.20s… is longer than %d bytes", d.Name, maxDimensionName)
		}
		size += len(d.Name) + len(d.Value)
	}
	if len(r.MeasureName) > maxMeasureName {
		return fmt.Sprintf("The measure name is longer than %d bytes", maxMeasureName)
	}
	if size > maxRecordBytes {
		return fmt.Sprintf("The record is larger than %d bytes", maxRecordBytes)
	}
	return ""
}

// seriesOf finds or makes the record's series. reason is why it may not be made.
func (t *table) seriesOf(r Record, k value.Kind) (s *series, reason string) {
	t.key = r.appendKey(t.key[:0])
	s, ok := t.series[string(t.key)]
	if ok {
		if s.kind != k {
			return nil, fmt.Sprintf("The measure %s has the type %s in this table, not %s", r.MeasureName, s.kind, k)
		}
		return s, ""
	}
	if reason := t.refuses(r); reason != "" {
		return nil, reason
	}
	s = &series{key: string(t.key), measure: unique.Make(r.MeasureName).Value(), kind: k}
	s.dims = t.dimensionsOf(r, s.key)
	for _, d := range s.dims {
		t.dims[d.Name] = true
	}
	t.names[s.measure] = true
	t.series[s.key] = s
	t.order, t.sorted = append(t.order, s), false
	return s, ""
}

// refuses says why a new series cannot be: a name or a number of names.
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html#limits.naming
func (t *table) refuses(r Record) string {
	more := 0
	for _, d := range r.Dimensions {
		if reserved(d.Name) || strings.ContainsAny(d.Name, "\":\u2028\u2029") || strings.ContainsFunc(d.Name, func(c rune) bool { return c < 32 }) {
			return fmt.Sprintf("The dimension name %.20q is reserved or has a character that is not allowed", d.Name)
		}
		if _, ok := t.measures[d.Name]; ok {
			return fmt.Sprintf("The dimension name %s is the name of a measure", d.Name)
		}
		more += value.Bit(!t.dims[d.Name])
	}
	if len(t.dims)+more > maxDimensions {
		return fmt.Sprintf("The table would have more than %d dimensions", maxDimensions)
	}
	if reserved(r.MeasureName) || strings.Contains(r.MeasureName, ":") {
		return fmt.Sprintf("The measure name %.20q is reserved or has a colon", r.MeasureName)
	}
	if !t.names[r.MeasureName] && len(t.names) >= maxMeasureNames {
		return fmt.Sprintf("The table would have more than %d measure names", maxMeasureNames)
	}
	return ""
}

// reserved is that a name cannot be of a dimension or a measure.
func reserved(name string) bool {
	for _, prefix := range []string{"ts_", "measure_value", "measure_name"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == "time"
}

// refusesMeasures says why the measures of a multi-measure record with these dimensions
// cannot be columns.
func (t *table) refusesMeasures(values []measure, dims []Dimension) (reason string) {
	more := 0
	for _, m := range values {
		k, ok := t.measures[m.name]
		switch {
		case ok && k != m.kind:
			return fmt.Sprintf("The measure %s has the type %s in this table, not %s", m.name, k, m.kind)
		case ok:
			continue
		case reserved(m.name) || strings.Contains(m.name, ":"):
			return fmt.Sprintf("The measure name %.20q is reserved or has a colon", m.name)
		case t.dims[m.name] || slices.ContainsFunc(dims, func(d Dimension) bool { return d.Name == m.name }):
			return fmt.Sprintf("The measure name %s is the name of a dimension", m.name)
		}
		more++
	}
	if len(t.measures)+more > maxMultiMeasures {
		return fmt.Sprintf("The table would have more than %d measures in multi-measure records", maxMultiMeasures)
	}
	return ""
}

// addMeasures makes columns of the measures of a record that was written.
func (t *table) addMeasures(values []measure) {
	for _, m := range values {
		t.measures[m.name] = m.kind
	}
}

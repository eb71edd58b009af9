package scheduler

import (
	"strings"
	"time"
	_ "time/tzdata" // zones are the same on every machine

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// times is when a schedule is due.
type times interface {
	// next is the first time after another; zero is none.
	next(after time.Time) time.Time
}

// rate is a time every so long.
type rate struct {
	from  time.Time
	every time.Duration
}

func (r rate) next(after time.Time) time.Time {
	if after.Before(r.from) {
		return r.from
	}
	return r.from.Add((after.Sub(r.from)/r.every + 1) * r.every)
}

// once is one time.
type once struct{ at time.Time }

func (o once) next(after time.Time) time.Time {
	if after.Before(o.at) {
		return o.at
	}
	return time.Time{}
}

// within is the times from the start of a schedule until before its end, if it has them.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
type within struct {
	times
	start, end time.Time
}

func (w within) next(after time.Time) time.Time {
	if after.Before(w.start) {
		after = w.start.Add(-1)
	}
	at := w.times.next(after)
	if !w.end.IsZero() && !at.Before(w.end) {
		return time.Time{}
	}
	return at
}

// maxExpression is in characters.
const maxExpression = 256

// times reads when a schedule is due that is made or changed now. A rate is counted from
// its start, or from now.
func (in *Spec) times(now time.Time) (times, error) {
	if len(in.ScheduleExpression) > maxExpression {
		return nil, wire.Errorf(codeInvalid, 0, "ScheduleExpression has more than %d characters", maxExpression)
	}
	zone, err := zoneOf(in.ScheduleExpressionTimezone)
	if err != nil {
		return nil, err
	}
	if text, ok := between(in.ScheduleExpression, "at("); ok {
		return in.once(text, zone, now)
	}
	bounds := within{start: timeOf(in.StartDate), end: timeOf(in.EndDate)}
	switch {
	case !bounds.start.IsZero() && bounds.start.Before(now.Add(-5*time.Minute)):
		return nil, wire.Errorf(codeInvalid, 0, "The StartDate you specify cannot be earlier than 5 minutes ago.")
	case !bounds.start.IsZero() && !bounds.end.IsZero() && !bounds.start.Before(bounds.end):
		return nil, wire.Errorf(codeInvalid, 0, "The StartDate you specify must be earlier than the EndDate.")
	}
	if text, ok := between(in.ScheduleExpression, "cron("); ok {
		parsed, ok := parseCron(text, zone)
		bounds.times = parsed
		if !ok {
			err = invalidExpression(in.ScheduleExpression)
		}
		return bounds, err
	}
	every, err := parseRate(in.ScheduleExpression)
	bounds.times = rate{now, every}
	if !bounds.start.IsZero() {
		bounds.times = rate{bounds.start, every}
	}
	return bounds, err
}

// precision is how late AWS may be; a time that is past no longer than that is due now.
const precision = time.Minute

// once reads the time of a one-time schedule, which has neither start nor end.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
func (in *Spec) once(text string, zone *time.Location, now time.Time) (times, error) {
	const layout = "2006-01-02T15:04:05"
	wall, err := time.Parse(layout, text)
	if err != nil || len(text) != len(layout) {
		return nil, invalidExpression(in.ScheduleExpression)
	}
	at, ok := onClock(wall, zone)
	switch {
	case !ok:
		return nil, wire.Errorf(codeInvalid, 0, "ScheduleExpression %s: the clock in %s does not show that time", in.ScheduleExpression, zone)
	case at.Before(now.Add(-precision)):
		return nil, wire.Errorf(codeInvalid, 0, "ScheduleExpression %s is in the past, which is not implemented by Shakedown", in.ScheduleExpression)
	}
	return once{at}, nil
}

func timeOf(t *wire.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// between is what an expression has behind its beginning and before its last parenthesis.
func between(expression, begins string) (string, bool) {
	rest, ok := strings.CutPrefix(expression, begins)
	text, closed := strings.CutSuffix(rest, ")")
	return text, ok && closed
}

// zoneOf is a time zone by its name in the time zone database.
func zoneOf(name string) (*time.Location, error) {
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" && name != "" && len(name) <= 50 {
		return zone, nil
	}
	return nil, wire.Errorf(codeInvalid, 0, "Invalid Schedule Expression Timezone %s.", name)
}

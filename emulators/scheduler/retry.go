package scheduler

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RetryPolicy bounds the retries of one firing; the next firing of the schedule
// ends them in any case.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
type RetryPolicy struct {
	MaximumEventAgeInSeconds int64 // 60 to 86,400
	MaximumRetryAttempts     int   // 0 to 185
}

// exhausted is the bound that a firing reaches that was tried so often, and is tried
// next at a time; or empty.
func (p RetryPolicy) exhausted(f firing) string {
	switch {
	case f.attempts > p.MaximumRetryAttempts:
		return tooManyAttempts
	case f.at.Sub(f.from) > time.Duration(p.MaximumEventAgeInSeconds)*time.Second:
		return tooOld
	}
	return ""
}

// UnmarshalJSON fills in AWS's defaults.
func (p *RetryPolicy) UnmarshalJSON(text []byte) error {
	var given struct {
		MaximumEventAgeInSeconds *int64
		MaximumRetryAttempts     *int
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	*p = defaultRetryPolicy
	if given.MaximumEventAgeInSeconds != nil {
		p.MaximumEventAgeInSeconds = *given.MaximumEventAgeInSeconds
	}
	if given.MaximumRetryAttempts != nil {
		p.MaximumRetryAttempts = *given.MaximumRetryAttempts
	}
	return nil
}

var defaultRetryPolicy = RetryPolicy{86400, 185}

func (p RetryPolicy) check() error {
	switch {
	case p.MaximumRetryAttempts < 0 || p.MaximumRetryAttempts > 185:
		return wire.Errorf(codeInvalid, 0, "Target.RetryPolicy.MaximumRetryAttempts is 0 to 185, not %d", p.MaximumRetryAttempts)
	case p.MaximumEventAgeInSeconds < 60 || p.MaximumEventAgeInSeconds > 86400:
		return wire.Errorf(codeInvalid, 0, "Target.RetryPolicy.MaximumEventAgeInSeconds is 60 to 86400, not %d", p.MaximumEventAgeInSeconds)
	}
	return nil
}

// statusError is an error of a service as the SDK has it.
type statusError interface {
	error
	HTTPStatusCode() int
}

// permanent tells whether an error of the target stays: it is the caller's, as that the
// role may not or that there is no such function, and is not tried again.
func permanent(err error) bool {
	status := http.StatusInternalServerError
	if typed, ok := errors.AsType[*wire.Error](err); ok {
		status = typed.HTTPStatus()
	} else if typed, ok := errors.AsType[statusError](err); ok {
		status = typed.HTTPStatusCode()
	}
	code, _ := errorOf(err)
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	return status < http.StatusInternalServerError && status != http.StatusTooManyRequests && !throttled
}

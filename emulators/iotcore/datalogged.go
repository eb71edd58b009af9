package iotcore

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// logCall logs a call of the data plane.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html
func (c *Core) logCall(e logging.Entry, err error) {
	if !c.logs.On() {
		return
	}
	e.Protocol = overHTTP.Protocol
	if err != nil {
		e.Failed, e.Details = true, err.Error()
	}
	e.TraceID = message.TraceOf(e)
	c.logs.Write(e)
}

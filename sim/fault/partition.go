package fault

import "time"

// partition keeps everything where it is.
type partition struct{}

func (partition) on(c *conditions) { c.held = true }

// giveUp is after how long TCP gives a segment up that nobody acknowledges: 924.6 s,
// Linux' tcp_retries2 of 15 (Documentation/networking/ip-sysctl.rst).
const giveUp = 924_600 * time.Millisecond

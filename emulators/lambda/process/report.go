package process

import (
	"strconv"
	"time"
)

// AppendStart writes the line before an invocation.
func AppendStart(to []byte, id, version string) []byte {
	to = append(append(to, "START RequestId: "...), id...)
	return append(append(to, " Version: "...), version...)
}

// AppendEnd writes the line behind an invocation.
func AppendEnd(to []byte, id string) []byte {
	return append(append(to, "END RequestId: "...), id...)
}

// AppendReport writes the line behind that, to which what is known of its memory and
// its init phase may be added.
func AppendReport(to []byte, id string, took time.Duration, memorySize int) []byte {
	billed := (took + time.Millisecond - 1).Truncate(time.Millisecond).Milliseconds()
	to = append(append(to, "REPORT RequestId: "...), id...)
	to = appendDuration(append(to, "\tDuration: "...), took)
	to = strconv.AppendInt(append(to, "\tBilled Duration: "...), billed, 10)
	to = strconv.AppendInt(append(to, " ms\tMemory Size: "...), int64(memorySize), 10)
	return append(to, " MB"...)
}

func appendDuration(to []byte, d time.Duration) []byte {
	to = strconv.AppendFloat(to, float64(d.Microseconds())/1000, 'f', 2, 64)
	return append(to, " ms"...)
}

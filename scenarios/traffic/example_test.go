package traffic_test

import (
	"fmt"

	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

func Example() {
	var counted traffic.Traffic
	shard, reader := traffic.Shard{Stream: "iot-telemetry", ID: "0"}, traffic.Reader{Function: "f", Mapping: "m", Shard: "0"}
	counted.Stream(shard).Add(100)
	counted.Read(reader).Add(60)
	fmt.Println(counted.Snapshot().Behind("iot-telemetry", reader))
	// Output: 40 true
}

package fault_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// A link is slow and then partitioned; each fault ends by itself.
func ExampleLink() {
	_ = bubble.Run(bubble.Options{}, func() {
		var broker net.Conn
		link := fault.Link{Thing: "sensor-00001", Seed: 7}
		device, _ := link.Dial(context.Background(), func(context.Context) (near net.Conn, err error) {
			near, broker = memnet.Pipe()
			return near, nil
		})
		send := func() {
			began, b := time.Now(), make([]byte, 5)
			_, _ = device.Write([]byte("hello"))
			_, _ = broker.Read(b)
			fmt.Println(string(b), "after", time.Since(began))
		}
		send()
		link.Begin(0, fault.Fault{Kind: fault.Latency, Parameters: fault.Parameters{Delay: 300 * time.Millisecond}})
		send()
		link.Begin(1, fault.Fault{Kind: fault.Partition})
		time.AfterFunc(time.Minute, func() { link.End(1) })
		send()
		link.End(0)
		send()
		_ = device.Close()
	})
	// Output:
	// hello after 0s
	// hello after 300ms
	// hello after 1m0s
	// hello after 0s
}

package main

import (
	"fmt"
	"os"
)

const portsSetting = "widen the range: `sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"`, or connect in memory: `transport: memory` in a scenario, `bench --memory`"

// localPorts is the range that the kernel takes ports of dials from (ip-sysctl).
func localPorts() (first, last int, err error) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return 0, 0, err
	}
	_, err = fmt.Sscan(string(text), &first, &last)
	return first, last, err
}

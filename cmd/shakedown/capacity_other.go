//go:build !linux

package main

const portsSetting = "widen the range: `sysctl -w net.inet.ip.portrange.first=1024` (macOS, BSD), or connect in memory: `transport: memory` in a scenario, `bench --memory`"

// localPorts is the range for dials that IANA has set aside (RFC 6335), which is
// the default of macOS, BSD and Windows.
func localPorts() (first, last int, err error) { return 49152, 65535, nil }

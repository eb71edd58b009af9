package main

import (
	"fmt"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// spareFiles are the open files that a run needs besides its sockets: the run's
// own, and connections that end while others begin.
const spareFiles = 64

// portShare is the part of the ports that a source address may use: one that was
// closed a minute ago is not free yet (TIME_WAIT).
const portShare = 2

// machine is what a fleet over TCP needs of the operating system.
type machine struct {
	// files raises the limit of open files to want if it may and says what it is.
	files func(want uint64) (uint64, error)
	// ports are those that a dial may come from, by source address.
	ports func() (first, last int, err error)
	// addresses is the number of source addresses.
	addresses int
}

// thisMachine is the one that the program runs on.
var thisMachine = machine{files: openFiles, ports: localPorts, addresses: addresses()}

func addresses() int {
	if manyLoopbacks {
		return sourceAddresses
	}
	return 1
}

// shortage is what the machine has too little of, with the setting to change.
type shortage struct {
	what       string
	need, have uint64
	setting    string
}

func (s *shortage) Error() string {
	return fmt.Sprintf("the fleet needs %d %s, and there are %d", s.need, s.what, s.have)
}

// maxRelays bounds the processes that hold sockets at each end.
const maxRelays = 8

// sockets tells before anything starts how the machine can hold the fleet's
// sockets: all in this process, which has both ends of each, or at either end in
// so many relays.
func (m machine) sockets(s *scenarios.Scenario) (relays int, err error) {
	if s.Transport != scenarios.TCPTransport {
		return 0, nil
	}
	missing, err := m.missingFiles(s.Devices())
	if err != nil || missing == nil {
		return 0, err
	}
	if relays = relaysFor(uint64(s.Devices()), missing.have); relays == 0 || !canRelay {
		return 0, short(missing)
	}
	return relays, nil
}

// holds tells what is in the way of so many devices with both ends in this process.
func (m machine) holds(devices int) error {
	missing, err := m.missingFiles(devices)
	if err != nil || missing == nil {
		return err
	}
	return short(missing)
}

// missingFiles is what this process lacks to hold both ends of so many devices'
// sockets, or nil. An error is that of a machine that cannot have them at all.
func (m machine) missingFiles(count int) (*shortage, error) {
	devices := uint64(count)
	first, last, err := m.ports()
	if err != nil {
		return nil, environment(fmt.Errorf("range of local ports: %w", err), "")
	}
	ports := uint64(max(last-first+1, 0)) / portShare * uint64(m.addresses)
	if ports < devices {
		return nil, short(&shortage{"local ports", devices, ports, portsSetting})
	}
	need := 2*devices + spareFiles
	have, err := m.files(need)
	if err != nil {
		return nil, environment(fmt.Errorf("limit of open files: %w", err), "")
	}
	if have >= need {
		return nil, nil
	}
	return &shortage{"open files", need, have, filesSetting(need)}, nil
}

// relaysFor is how many relays hold one end of so many connections, and a tenth
// more that begin while others end; none when it would take too many.
func relaysFor(devices, files uint64) int {
	if files <= spareFiles {
		return 0
	}
	each := files - spareFiles
	n := (devices + devices/10 + each - 1) / each
	if n > maxRelays {
		return 0
	}
	return int(n)
}

func short(s *shortage) error { return environment(s, s.setting) }

func filesSetting(need uint64) string {
	return fmt.Sprintf("raise RLIMIT_NOFILE: `ulimit -n %d` as root, or `* hard nofile %d` in /etc/security/limits.conf; "+
		"in a container `docker run --ulimit nofile=%d`. Or connect in memory: `transport: memory` in a scenario, `bench --memory`", need, need, need)
}

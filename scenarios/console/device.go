package console

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// Device is a device as the device API shows it.
type Device struct {
	ID               string                     `json:"deviceId"`
	Status           Status                     `json:"status"`
	Connected        *bool                      `json:"connected"`
	DisconnectReason string                     `json:"disconnectReason"`
	PresenceAt       time.Time                  `json:"presenceAt"`
	LastSeen         time.Time                  `json:"lastSeen"`
	OfflineSince     time.Time                  `json:"offlineSince"`
	Reported         string                     `json:"reported"`
	ReportedAt       time.Time                  `json:"reportedAt"`
	Timestamp        int64                      `json:"timestamp"`
	Data             map[string]json.RawMessage `json:"data"`
	Answer           *Answer                    `json:"answer"`
}

// Status is the verdict of the offline detector, or Unheard.
type Status string

// The statuses, in the order of the page.
const (
	Online  Status = "online"
	Offline Status = "offline"
	Unheard Status = "never heard" // in the registry and nowhere else
)

// Answer is what a device answered to a command last.
type Answer struct {
	Action string    `json:"action"`
	ID     string    `json:"id"`
	Result string    `json:"result"`
	Detail string    `json:"detail"`
	At     time.Time `json:"at"`
}

// Reading is one metric of a device's newest message.
type Reading struct{ Name, Value, Unit string }

// units are those of the source's firmware; other metrics have none.
var units = map[string]string{"temperature": "°C", "humidity": "%", "pressure": "hPa", "battery_pct": "%"}

// Readings are the newest message's metrics by name.
func (d Device) Readings() []Reading {
	list := make([]Reading, 0, len(d.Data))
	for name, raw := range d.Data {
		list = append(list, Reading{name, shorten(string(raw)), units[name]})
	}
	slices.SortFunc(list, func(a, b Reading) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// shorten is a number with at most two decimals, other things as they are.
func shorten(raw string) string {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	return number(f)
}

// At is the newest message's time, by the device's clock.
func (d Device) At() time.Time {
	if d.Timestamp == 0 {
		return time.Time{}
	}
	return time.UnixMilli(d.Timestamp)
}

// Link says whether the device is connected, as the broker's lifecycle events tell.
func (d Device) Link() string {
	switch {
	case d.Connected == nil:
		return "unknown"
	case *d.Connected:
		return "connected"
	}
	return "not connected"
}

package iotcore

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// AWS.md §1: Events may arrive out of order and twice.
func TestLifecycleEventsComeLateAndTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var asked []string
		f := newFixture(t, Config{Deliveries: func(e broker.Lifecycle) []time.Duration {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, fmt.Sprint(e.ClientID, " ", e.EventType, " ", e.Version, " ", e.At.Equal(time.Now())))
			if e.EventType == "connected" {
				return []time.Duration{0, time.Minute}
			}
			return []time.Duration{30 * time.Second}
		}})
		defer f.close()
		f.rule("Presence", "$aws/events/presence/+/+", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		f.dial("a", f.thing("a", allowAll)).disconnect()
		settle()
		mu.Lock()
		require.Equal(t, []string{"a connected 0 true", "a disconnected 0 true"}, asked)
		mu.Unlock()
		calls := f.targets.took()
		require.Len(t, calls, 1)
		require.Contains(t, calls[0], `"eventType":"connected"`)
		require.False(t, f.core.Idle(), "two copies wait")
		time.Sleep(30 * time.Second)
		settle()
		late := f.targets.took()
		require.Contains(t, late[len(late)-1], `"eventType":"disconnected"`)
		time.Sleep(30 * time.Second)
		settle()
		again := f.targets.took()
		require.Equal(t, calls[0], again[len(again)-1], "the same event, with the time of its connection")
		require.True(t, f.core.Idle())
	})
}

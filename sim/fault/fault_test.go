package fault_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// connected is a link with one connection through it.
func connected(t *testing.T) (link *fault.Link, device, broker net.Conn, dial func() (net.Conn, error)) {
	var network memnet.Network
	l, err := network.Listen("broker:1")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	link = &fault.Link{}
	dial = func() (net.Conn, error) {
		return link.Dial(t.Context(), func(ctx context.Context) (net.Conn, error) { return network.Dial(ctx, "tcp", "broker:1") })
	}
	device, err = dial()
	require.NoError(t, err)
	broker, err = l.Accept()
	require.NoError(t, err)
	return link, device, broker, dial
}

func echo(t *testing.T, from, to net.Conn) {
	t.Helper()
	_, err := from.Write([]byte("x"))
	require.NoError(t, err)
	var b [1]byte
	_, err = io.ReadFull(to, b[:])
	require.NoError(t, err)
}

func TestResetCutsBothEndsAndRefusesUntilHealed(t *testing.T) {
	link, device, broker, dial := connected(t)
	echo(t, device, broker)
	f := fault.Fault{Kind: fault.ConnectionReset, Target: fault.Target{Thing: "s"}}
	f.Apply(link)
	var b [1]byte
	_, err := device.Read(b[:])
	require.ErrorIs(t, err, syscall.ECONNRESET)
	_, err = broker.Read(b[:])
	require.ErrorIs(t, err, syscall.ECONNRESET)
	_, err = dial()
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	f.Heal(link)
	again, err := dial()
	require.NoError(t, err)
	again.Close()
}

func TestHalfOpenCarriesNothingAndSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, device, broker, _ := connected(t)
		echo(t, broker, device)
		f := fault.Fault{Kind: fault.HalfOpen, Target: fault.Target{Thing: "s"}}
		f.Apply(link)
		for _, c := range []struct{ from, to net.Conn }{{device, broker}, {broker, device}} {
			_, err := c.from.Write([]byte("x"))
			require.NoError(t, err, "the sender notices nothing")
			c.to.SetReadDeadline(time.Now().Add(time.Minute))
			_, err = c.to.Read(make([]byte, 1))
			require.True(t, err.(net.Error).Timeout(), "nothing arrives: %v", err)
		}
		require.NoError(t, device.Close())
		broker.SetReadDeadline(time.Now().Add(time.Minute))
		_, err := broker.Read(make([]byte, 1))
		require.True(t, err.(net.Error).Timeout(), "the broker does not see the close: %v", err)
		broker.Close()
	})
}

// TestDialDuringAFault lets the fault begin while a dial is on its way.
func TestDialDuringAFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var far net.Conn
		through := func(l *fault.Link, begin func()) (net.Conn, error) {
			return l.Dial(t.Context(), func(context.Context) (net.Conn, error) {
				begin()
				var near net.Conn
				near, far = memnet.Pipe()
				return near, nil
			})
		}
		var link fault.Link
		_, err := through(&link, link.Cut)
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = far.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)

		link.Heal()
		near, err := through(&link, link.Freeze)
		require.NoError(t, err)
		_, err = near.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, far.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = far.Read(make([]byte, 1))
		require.True(t, err.(net.Error).Timeout(), "nothing arrives: %v", err)
	})
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	on := fault.Target{Thing: "s"}
	kinesis := fault.Target{Service: "kinesis", Operation: "PutRecord"}
	for want, f := range map[string]fault.Fault{
		`"meteor" is none of bandwidth, broker-restart`:     {Kind: "meteor", Target: on},
		"at: -1ns is negative":                              {Kind: fault.HalfOpen, At: -1, Target: on},
		"for: -1ns is negative":                             {Kind: fault.HalfOpen, For: -1, Target: on},
		"for: is missing; broker-restart needs it":          {Kind: fault.BrokerRestart},
		"target: say whom":                                  {Kind: fault.HalfOpen},
		"target.service or operation: half-open acts":       {Kind: fault.HalfOpen, Target: fault.Target{Thing: "s", Service: "s3"}},
		"target.thing, group, attribute or share: throttle": {Kind: fault.Throttle, Target: fault.Target{Thing: "s", Service: "s3"}},
		"target.service: is missing":                        {Kind: fault.Throttle},
		`target.service: "ec2" is none of`:                  {Kind: fault.Throttle, Target: fault.Target{Service: "ec2"}},
		"target.function: is missing":                       {Kind: fault.FunctionPanic},
		`target.thing: "[" is not a pattern`:                {Kind: fault.HalfOpen, Target: fault.Target{Thing: "["}},
		"delay: is missing; latency needs it":               {Kind: fault.Latency, Target: on},
		"skew: half-open does not take it":                  {Kind: fault.HalfOpen, Target: on, Parameters: fault.Parameters{Skew: 1}},
		"delay: 2h0m0s is not between 0 and 1h":             {Kind: fault.Latency, Target: on, Parameters: fault.Parameters{Delay: 2 * time.Hour}},
		"jitter: 2s is not between 0 and the delay":         {Kind: fault.Latency, Target: on, Parameters: fault.Parameters{Delay: time.Second, Jitter: 2 * time.Second}},
		"bandwidth: -1 bytes":                               {Kind: fault.Bandwidth, Target: on, Parameters: fault.Parameters{Bandwidth: -1}},
		"times: 11 is not between":                          {Kind: fault.DuplicateDelivery, Target: on, Parameters: fault.Parameters{Times: 11}},
		"drift: NaN is not between":                         {Kind: fault.DriftingSensor, Target: on, Parameters: fault.Parameters{Metric: "m", Drift: math.NaN()}},
	} {
		require.ErrorContains(t, f.Validate(), want)
	}
	good := []fault.Fault{
		{Kind: fault.ConnectionReset, Target: on},
		{Kind: fault.BrokerRestart, For: time.Second},
		{Kind: fault.Throttle, Target: kinesis, Parameters: fault.Parameters{Rate: 0.2}},
		{Kind: fault.SlowShard, Parameters: fault.Parameters{Delay: time.Second, Jitter: time.Second}},
	}
	for _, f := range good {
		require.NoError(t, f.Validate())
	}
}

func TestFaultFromYAML(t *testing.T) {
	var f fault.Fault
	text := "{at: 5s, for: 1m, kind: throttle, target: {service: kinesis}, rate: 12.5%}"
	require.NoError(t, yaml.UnmarshalWithOptions([]byte(text), &f, yaml.Strict()))
	require.Equal(t, fault.Fault{At: 5 * time.Second, For: time.Minute, Kind: fault.Throttle,
		Target: fault.Target{Service: "kinesis"}, Parameters: fault.Parameters{Rate: 0.125}}, f)
	plain, err := json.Marshal(f)
	require.NoError(t, err)
	require.Contains(t, string(plain), `"rate":"12.5%"`)
	var again fault.Fault
	require.NoError(t, json.Unmarshal(plain, &again))
	require.Equal(t, f, again)
	text2, err := yaml.Marshal(f)
	require.NoError(t, err)
	var third fault.Fault
	require.NoError(t, yaml.UnmarshalWithOptions(text2, &third, yaml.Strict()), string(text2))
	require.Equal(t, f, third)
	for _, bad := range []string{"rate: 12", "rate: 0%", "rate: 101%", "rate: x%", "nonsense: 1"} {
		require.Error(t, yaml.UnmarshalWithOptions([]byte(bad), &f, yaml.Strict()), bad)
	}
}

func TestSelect(t *testing.T) {
	var fleet []fault.Candidate
	for i := range 100 {
		fleet = append(fleet, fault.Candidate{Thing: fmt.Sprintf("s-%03d", i), Group: []string{"even", "odd"}[i%2],
			Attributes: map[string]string{"site": []string{"berlin", "lyon", "oslo"}[i%3]}})
	}
	pick := func(t fault.Target) []string { return t.Select(7, 0, fleet) }
	require.Equal(t, []string{"s-042"}, pick(fault.Target{Thing: "s-042"}))
	require.Len(t, pick(fault.Target{Thing: "s-04*"}), 10)
	require.Len(t, pick(fault.Target{Group: "odd"}), 50)
	require.Len(t, pick(fault.Target{Attribute: map[string]string{"site": "lyon"}}), 33)
	require.Empty(t, pick(fault.Target{Thing: "x"}))
	tenth := pick(fault.Target{Share: 0.1})
	require.Len(t, tenth, 10)
	require.Equal(t, tenth, pick(fault.Target{Share: 0.1}))
	require.NotEqual(t, tenth, fault.Target{Share: 0.1}.Select(8, 0, fleet), "another seed")
	require.NotEqual(t, tenth, fault.Target{Share: 0.1}.Select(7, 1, fleet), "another fault")
	require.Len(t, pick(fault.Target{Group: "odd", Share: 0.001}), 1, "at least one")
	require.Equal(t, "10% of the fleet", fault.Target{Share: 0.1}.String())
	require.Equal(t, "10% of group odd site=lyon", fault.Target{Share: 0.1, Group: "odd", Attribute: map[string]string{"site": "lyon"}}.String())
	require.Equal(t, "kinesis PutRecord", fault.Target{Service: "kinesis", Operation: "PutRecord"}.String())
}

// TestDrawIsEven throws 100,000 draws into ten boxes: each has a tenth, within
// five standard deviations (95 each).
func TestDrawIsEven(t *testing.T) {
	var boxes [10]int
	for i := range 100_000 {
		boxes[int(10*fault.Draw(1, "x", strconv.Itoa(i)))]++
	}
	for _, n := range boxes {
		require.InDelta(t, 10_000, n, 5*95)
	}
	require.NotEqual(t, fault.Draw(1, "a", "bc"), fault.Draw(1, "ab", "c"))
}

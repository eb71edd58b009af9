package explore

import (
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

func TestDrawnScenariosAreWhatTheyPromise(t *testing.T) {
	kinds := map[fault.Kind]int{}
	for seed := range uint64(1000) {
		s := Draw(seed)
		require.NoError(t, s.Validate(), "seed %d", seed)
		require.Equal(t, s, Draw(seed), "seed %d", seed)
		require.Equal(t, s, clone(s), "seed %d", seed)
		require.NoError(t, Legitimate(s.Faults), "seed %d", seed)
		require.LessOrEqual(t, s.Devices(), 12)
		require.LessOrEqual(t, len(s.Faults), maxFaults)
		for _, f := range s.Faults {
			kinds[f.Kind]++
			require.Positive(t, f.For)
			require.LessOrEqual(t, f.At+f.For, s.Duration-heals, "seed %d: %s does not heal", seed, f.Kind)
		}
	}
	for _, k := range fault.Kinds() {
		require.NotZero(t, kinds[k], "%s is never drawn", k)
	}
}

func TestADrawnScenarioIsReadBackTheSame(t *testing.T) {
	for seed := range uint64(100) {
		s := Draw(seed)
		text, err := yaml.Marshal(s)
		require.NoError(t, err)
		back, err := scenarios.Parse(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, s, back)
	}
}

func TestTwoFaultsThatAWSWouldNotSurvive(t *testing.T) {
	one := func(kind fault.Kind, target fault.Target) fault.Fault {
		return fault.Fault{At: 60e9, For: 60e9, Kind: kind, Target: target}
	}
	service := func(name string) fault.Fault { return one(fault.ServerError, fault.Target{Service: name}) }
	for _, c := range []struct {
		a, b fault.Fault
		why  string // empty: fine
	}{
		{service("kinesis"), service("sns"), "the rule's error action"},
		{service("sqs"), service("s3"), "what is behind the error action"},
		{service("dynamodb"), service("sqs"), "the mapping's on-failure destination"},
		{one(fault.FunctionPanic, fault.Target{Function: "f"}), service("sqs"), "the same"},
		{one(fault.Malformed, fault.Target{Share: 1}), service("sqs"), "the function's own letters"},
		{service("kinesis"), service("dynamodb"), ""},
		{service("sns"), service("dynamodb"), ""},
		{one(fault.Partition, fault.Target{Share: 1}), service("sqs"), ""},
	} {
		for _, list := range [][]fault.Fault{{c.a, c.b}, {c.b, c.a}} {
			require.Equal(t, c.why == "", Legitimate(list) == nil, "%s of %s and %s of %s: %s", c.a.Kind, c.a.Target, c.b.Kind, c.b.Target, c.why)
			list[1].At += 20 * 60e9
			require.NoError(t, Legitimate(list), "one long after the other")
		}
	}
}

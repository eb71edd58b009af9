package devices_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

const table = "devices"

// newTable is a cloud with an empty device table.
func newTable(t *testing.T) aws.Config {
	t.Helper()
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	cfg := cloud.AWSConfig()
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash}, {AttributeName: aws.String(sort), KeyType: types.KeyTypeRange}}
	}
	_, err = dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String(table), BillingMode: types.BillingModePayPerRequest, KeySchema: keys("PK", "SK"),
		AttributeDefinitions: []types.AttributeDefinition{attribute("PK"), attribute("SK"), attribute("GSI1PK"), attribute("GSI1SK")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String(devices.StatusIndex), KeySchema: keys("GSI1PK", "GSI1SK"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}},
	})
	require.NoError(t, err)
	return cfg
}

// state is the device's item in a few words.
func state(t *testing.T, cfg aws.Config) string {
	t.Helper()
	out, err := dynamodb.NewFromConfig(cfg).GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(table), Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "DEVICE#s1"}, "SK": &types.AttributeValueMemberS{Value: "STATE"}}})
	require.NoError(t, err)
	connected, version := out.Item["connected"].(*types.AttributeValueMemberBOOL), out.Item["presenceVersion"].(*types.AttributeValueMemberN)
	if connected.Value {
		return "connected " + version.Value
	}
	return "disconnected " + version.Value
}

// start is when the tests' events begin.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func event(kind string, version int64, after time.Duration) devices.PresenceEvent {
	return devices.PresenceEvent{ClientID: "s1", Timestamp: start.Add(after).UnixMilli(), EventType: kind, VersionNumber: &version, DisconnectReason: "CONNECTION_LOST"}
}

func up(version int64, after time.Duration) devices.PresenceEvent {
	return event("connected", version, after)
}

func down(version int64, after time.Duration) devices.PresenceEvent {
	return event("disconnected", version, after)
}

func TestPresenceOutOfOrder(t *testing.T) {
	const m, h = time.Minute, time.Hour
	for _, c := range []struct {
		name   string
		events []devices.PresenceEvent
		want   string
	}{
		{"in order", []devices.PresenceEvent{up(0, 0), down(0, m), up(1, 2*m)}, "connected 1"},
		{"twice", []devices.PresenceEvent{up(0, 0), up(0, 0), down(0, m), down(0, m)}, "disconnected 0"},
		{"a beginning after its end", []devices.PresenceEvent{down(0, m), up(0, 0)}, "disconnected 0"},
		{"both at one instant, end first", []devices.PresenceEvent{down(0, 0), up(0, 0)}, "disconnected 0"},
		{"an end after the next beginning", []devices.PresenceEvent{up(0, 0), up(1, 2*m), down(0, m)}, "connected 1"},
		{"an end after the next beginning of one instant", []devices.PresenceEvent{up(0, 0), up(1, m), down(0, m)}, "connected 1"},
		{"a skipped version", []devices.PresenceEvent{up(0, 0), up(7, m)}, "connected 7"},
		{"a long connection", []devices.PresenceEvent{up(3, 0), down(3, 9*h)}, "disconnected 3"},
		{"its beginning again", []devices.PresenceEvent{up(3, 0), down(3, 9*h), up(3, 0)}, "disconnected 3"},
		{"the count begins anew", []devices.PresenceEvent{up(5, 0), down(5, m), up(0, m+h)}, "connected 0"},
		{"after not quite an hour", []devices.PresenceEvent{up(5, 0), down(5, m), up(0, 58*m)}, "connected 0"},
		{"with the same number", []devices.PresenceEvent{up(0, 0), down(0, m), up(0, 58*m)}, "connected 0"},
		{"an end from before the new count", []devices.PresenceEvent{up(5, 0), up(0, 2*h), down(5, m)}, "connected 0"},
		{"a beginning from before the new count", []devices.PresenceEvent{down(5, m), up(0, 2*h), down(0, 2*h+m), up(6, 30*m)}, "disconnected 0"},
		{"the same number from before", []devices.PresenceEvent{up(0, 2*h), down(0, m), up(0, 0)}, "connected 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := newTable(t)
			handler := devices.NewPresenceHandler(cfg, table)
			for _, e := range c.events {
				require.NoError(t, handler.Handle(t.Context(), e))
			}
			require.Equal(t, c.want, state(t, cfg))
		})
	}
}

// TestPresenceInEveryOrder delivers five connections and the count's new
// beginning in random orders, some twice: the end is the same.
func TestPresenceInEveryOrder(t *testing.T) {
	events := []devices.PresenceEvent{
		up(0, 0), down(0, 5*time.Minute), up(1, 6*time.Minute), down(1, 6*time.Minute), up(2, 8*time.Minute), down(2, 3*time.Hour),
		up(0, 5*time.Hour), down(0, 5*time.Hour+time.Second), up(1, 5*time.Hour+2*time.Second),
	}
	for seed := range uint64(60) {
		shuffled := shuffle(events, seed)
		cfg := newTable(t)
		handler := devices.NewPresenceHandler(cfg, table)
		for i, e := range shuffled {
			require.NoError(t, handler.Handle(t.Context(), e))
			if i%3 == 0 {
				require.NoError(t, handler.Handle(t.Context(), e))
			}
		}
		require.Equal(t, "connected 1", state(t, cfg), fmt.Sprint("seed ", seed))
	}
}

// TestALateSignOfLifeLeavesTheVerdict: a device that the detector has found
// silent does not come back online by an event from before.
func TestALateSignOfLifeLeavesTheVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := newTable(t)
		ctx := context.Background()
		presence, status, sweep := devices.NewPresenceHandler(cfg, table), devices.NewStatusHandler(cfg, table), devices.NewSweep(cfg, table, 10*time.Minute)
		at := time.Now()
		said := func(after time.Duration) error {
			return status.Handle(ctx, devices.StatusEvent{Status: "online", Thing: "s1", Received: at.Add(after).UnixMilli()})
		}
		connected := func(version int64, after time.Duration) error {
			e := up(version, 0)
			e.Timestamp = at.Add(after).UnixMilli()
			return presence.Handle(ctx, e)
		}
		require.NoError(t, said(0))
		time.Sleep(11 * time.Minute)
		result, err := sweep.Handle(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, result.Offline)

		require.NoError(t, connected(0, 0), "of the instant that it was last heard")
		require.Equal(t, "offline", verdict(t, cfg))
		require.NoError(t, connected(1, 30*time.Second), "later, and too late")
		require.Equal(t, "offline", verdict(t, cfg))
		require.NoError(t, said(20*time.Second))
		require.Equal(t, "offline", verdict(t, cfg))
		require.NoError(t, connected(2, 2*time.Minute), "after the time that the verdict is about")
		require.Equal(t, "online", verdict(t, cfg))
	})
}

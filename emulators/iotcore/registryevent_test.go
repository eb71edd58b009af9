package iotcore

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// registryEvents are the types of events that can be turned on.
var registryEvents = []string{"THING", "THING_GROUP", "THING_GROUP_HIERARCHY", "THING_GROUP_MEMBERSHIP", "THING_TYPE", "THING_TYPE_ASSOCIATION"}

func enableEvents(t *testing.T, c *iot.Client, enabled bool, names ...string) {
	t.Helper()
	in := &iot.UpdateEventConfigurationsInput{EventConfigurations: map[string]types.Configuration{}}
	for _, name := range names {
		in.EventConfigurations[name] = types.Configuration{Enabled: enabled}
	}
	succeeds(t)(c.UpdateEventConfigurations(context.Background(), in))
}

// TestRegistryEvents has the members of the payloads of
// https://docs.aws.amazon.com/iot/latest/developerguide/registry-events.html.
func TestRegistryEvents(t *testing.T) {
	members := map[string]string{
		"THING_EVENT":                  "accountId attributes eventId eventType operation thingId thingName thingTypeName timestamp versionNumber",
		"THING_TYPE_EVENT":             "accountId deprecationDate description eventId eventType isDeprecated operation propagatingAttributes searchableAttributes thingTypeId thingTypeName timestamp",
		"THING_TYPE_ASSOCIATION_EVENT": "eventId eventType operation thingId thingName thingTypeName timestamp",
		"THING_GROUP_EVENT":            "accountId attributes description dynamicGroupMappingId eventId eventType operation parentGroupId parentGroupName rootToParentThingGroups thingGroupId thingGroupName timestamp versionNumber",
		"THING_GROUP_MEMBERSHIP_EVENT": "accountId eventId eventType groupArn groupId membershipId operation thingArn thingId timestamp",
		"THING_GROUP_HIERARCHY_EVENT":  "accountId childGroupId childGroupName eventId eventType operation thingGroupId thingGroupName timestamp",
	}
	inBubble(t, func(f *fixture) {
		c := iot.NewFromConfig(awsConfig(f.core.Control()))
		f.rule("Created", "$aws/events/thing/+/created", toKinesis("created"))
		watcher := f.dial("watcher", f.thing("watcher", allowAll))
		require.Equal(t, []byte{1}, watcher.subscribe(1, "$aws/events/#"))
		settle()
		quiet := len(watcher.got()) // presence and subscription events
		changeRegistry(t, c)
		settle()
		require.Len(t, watcher.got(), quiet, "nothing is enabled")

		enableEvents(t, c, true, registryEvents...)
		at := time.Now().UnixMilli()
		changeRegistry(t, c)
		settle()
		var topics []string
		payloads := map[string]map[string]any{}
		for _, line := range watcher.got()[quiet:] {
			topic, text, _ := strings.Cut(line, " ")
			var payload map[string]any
			require.NoError(t, json.Unmarshal([]byte(text), &payload))
			require.Equal(t, members[payload["eventType"].(string)], strings.Join(slices.Sorted(maps.Keys(payload)), " "), topic)
			require.Equal(t, strings.ToUpper(topic[strings.LastIndex(topic, "/")+1:]), payload["operation"])
			require.Equal(t, float64(at), payload["timestamp"])
			topics = append(topics, strings.TrimPrefix(topic, "$aws/events/"))
			payloads[topics[len(topics)-1]] = payload
		}
		require.Equal(t, []string{
			"thingType/pump/created", "thingGroup/root/created", "thingGroup/child/created",
			"thingGroupHierarchy/thingGroup/root/childThingGroup/child/added",
			"thing/p1/created", "thingTypeAssociation/thing/p1/thingType/pump/added",
			"thingGroupMembership/thingGroup/child/thing/p1/added",
			"thing/p1/updated", "thingTypeAssociation/thing/p1/thingType/pump/removed",
			"thingGroup/child/updated", "thingGroupMembership/thingGroup/child/thing/p1/removed", "thing/p1/deleted",
			"thingGroupHierarchy/thingGroup/root/childThingGroup/child/removed", "thingGroup/child/deleted", "thingGroup/root/deleted",
			"thingType/pump/updated", "thingType/pump/deleted",
		}, topics)
		require.Equal(t, map[string]any{"site": "north"}, payloads["thing/p1/created"]["attributes"])
		require.Equal(t, []any{"pump", 1.0}, []any{payloads["thing/p1/created"]["thingTypeName"], payloads["thing/p1/created"]["versionNumber"]})
		require.Equal(t, []any{nil, 2.0}, []any{payloads["thing/p1/updated"]["thingTypeName"], payloads["thing/p1/updated"]["versionNumber"]})
		require.Equal(t, true, payloads["thingType/pump/updated"]["isDeprecated"])
		parents := payloads["thingGroup/child/updated"]["rootToParentThingGroups"].([]any)
		require.Equal(t, []any{map[string]any{"groupArn": *groupARN("root"), "groupId": payloads["thingGroup/child/updated"]["parentGroupId"]}}, parents)
		require.Equal(t, payloads["thingGroupMembership/thingGroup/child/thing/p1/added"]["membershipId"],
			payloads["thingGroupMembership/thingGroup/child/thing/p1/removed"]["membershipId"])
		require.Len(t, f.targets.took(), 1, "the rule has the thing's creation")

		all := len(watcher.got())
		enableEvents(t, c, false, registryEvents...)
		changeRegistry(t, c)
		settle()
		require.Len(t, watcher.got(), all, "nothing is enabled again")
	})
}

// changeRegistry makes and deletes a thing, a type and two groups.
func changeRegistry(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	pump, p1, root, child := aws.String("pump"), aws.String("p1"), aws.String("root"), aws.String("child")
	ok(c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: pump}))
	ok(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: root}))
	ok(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: child, ParentGroupName: root}))
	for range 2 { // the second time nothing is new
		ok(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: p1, ThingTypeName: pump, AttributePayload: &types.AttributePayload{Attributes: map[string]string{"site": "north"}}}))
		ok(c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: p1, ThingGroupName: child}))
	}
	ok(c.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: p1, RemoveThingType: true}))
	ok(c.UpdateThingGroup(ctx, &iot.UpdateThingGroupInput{ThingGroupName: child, ThingGroupProperties: &types.ThingGroupProperties{ThingGroupDescription: aws.String("d")}}))
	ok(c.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: p1}))
	ok(c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: child}))
	ok(c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: root}))
	ok(c.DeprecateThingType(ctx, &iot.DeprecateThingTypeInput{ThingTypeName: pump}))
	ok(c.DeleteThingType(ctx, &iot.DeleteThingTypeInput{ThingTypeName: pump}))
}

// TestProvisioningIsInEvents: what a template makes is told of as what an operation makes.
func TestProvisioningIsInEvents(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := iot.NewFromConfig(awsConfig(f.core.Control()))
		prepareBulbs(t, c)
		watcher := f.dial("watcher", f.thing("watcher", allowAll))
		watcher.subscribe(1, "$aws/events/thing/#", "$aws/events/thingGroupMembership/#", "$aws/events/thingTypeAssociation/#")
		enableEvents(t, c, true, registryEvents...)
		succeeds(t)(c.RegisterThing(context.Background(), &iot.RegisterThingInput{
			TemplateBody: aws.String(bulkTemplate), Parameters: map[string]string{"ThingName": "bulb", "SerialNumber": "7", "CSR": csrOf(t)},
		}))
		settle()
		var topics []string
		for _, line := range watcher.got() {
			topic, _, _ := strings.Cut(line, " ")
			topics = append(topics, strings.TrimPrefix(topic, "$aws/events/"))
		}
		require.Equal(t, []string{
			"thing/bulb/created", "thingTypeAssociation/thing/bulb/thingType/lightBulb-versionA/added",
			"thingGroupMembership/thingGroup/WA/thing/bulb/added", "thingGroupMembership/thingGroup/v1-lightbulbs/thing/bulb/added",
		}, topics)
	})
}

func TestEventConfigurations(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		out, err := c.DescribeEventConfigurations(ctx, &iot.DescribeEventConfigurationsInput{})
		require.NoError(t, err)
		require.Nil(t, out.CreationDate)
		require.Len(t, out.EventConfigurations, len(types.EventType("").Values()))
		for name, configuration := range out.EventConfigurations {
			require.Equal(t, name == "CERTIFICATE" || name == "CA_CERTIFICATE", configuration.Enabled, name)
		}
		made := time.Now()
		enableEvents(t, c, true, "THING", "CERTIFICATE")
		time.Sleep(time.Hour)
		enableEvents(t, c, false, "THING_TYPE", "JOB")
		for name, enabled := range map[string]bool{"JOB": true, "JOB_EXECUTION": true, "POLICY": true, "CERTIFICATE": false, "WEATHER": true} {
			_, err := c.UpdateEventConfigurations(ctx, &iot.UpdateEventConfigurationsInput{EventConfigurations: map[string]types.Configuration{name: {Enabled: enabled}, "THING_GROUP": {Enabled: true}}})
			requireCode(t, err, "InvalidRequestException", name)
		}
		out, err = c.DescribeEventConfigurations(ctx, &iot.DescribeEventConfigurationsInput{})
		require.NoError(t, err)
		require.True(t, out.EventConfigurations["THING"].Enabled)
		require.False(t, out.EventConfigurations["THING_GROUP"].Enabled, "a refused update changes nothing")
		require.WithinDuration(t, made, *out.CreationDate, time.Second)
		require.WithinDuration(t, time.Now(), *out.LastModifiedDate, time.Second)
	})
}

// TestRegistryEventsNeedRoom has a full rules queue and no worker.
func TestRegistryEventsNeedRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dropped []string
		core, err := New(Config{Endpoint: endpoint, QueueLimit: 1, Lanes: 1, Tap: func(e event.Event) {
			if e.Kind == event.Dropped {
				dropped = append(dropped, e.Topic)
			}
		}})
		require.NoError(t, err)
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(core.Control()))
		enableEvents(t, c, true, "THING", "THING_TYPE_ASSOCIATION")
		succeeds(t)(core.registry.CreateThingType(ctx, &registry.CreateThingTypeInput{ThingTypeName: "bulb"}))
		began := time.Now()
		succeeds(t)(core.registry.CreateThing(ctx, &registry.CreateThingInput{ThingName: "a"}))
		succeeds(t)(core.registry.CreateThing(ctx, &registry.CreateThingInput{ThingName: "b", ThingTypeName: "bulb"}))
		require.Equal(t, eventPatience, time.Since(began), "of all events of an operation together")
		require.Equal(t, []string{"$aws/events/thing/b/created", "$aws/events/thingTypeAssociation/thing/b/thingType/bulb/added"}, dropped)
	})
}

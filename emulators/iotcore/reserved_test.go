package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// reservedTopics are those of AWS's page, each with the client operations that AWS allows
// and that are served here; the others are refused.
// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html
var reservedTopics = []struct {
	topic              string
	publish, subscribe bool
}{
	{topic: "$aws/sitewise/asset-models/m/assets/a/properties/p"},
	{topic: "$aws/things/a/defender/metrics/json"},
	{topic: "$aws/things/a/defender/metrics/cbor/accepted"},
	{topic: "$aws/device_location/d/get_position_estimate"},
	{topic: "$aws/device_location/d/get_position_estimate/rejected"},
	{topic: "$aws/events/certificates/registered/ca", subscribe: true},
	{topic: "$aws/events/job/j/canceled"},
	{topic: "$aws/events/jobExecution/j/succeeded"},
	{topic: "$aws/events/presence/connected/a", subscribe: true},
	{topic: "$aws/events/presence/disconnected/a", subscribe: true},
	{topic: "$aws/events/subscriptions/subscribed/a", subscribe: true},
	{topic: "$aws/events/subscriptions/unsubscribed/a", subscribe: true},
	{topic: "$aws/events/thing/a/created", subscribe: true},
	{topic: "$aws/events/thingType/t/updated", subscribe: true},
	{topic: "$aws/events/thingTypeAssociation/thing/a/t/added", subscribe: true},
	{topic: "$aws/events/thingGroup/g/deleted", subscribe: true},
	{topic: "$aws/events/thingGroupMembership/thingGroup/g/thing/a/added", subscribe: true},
	{topic: "$aws/events/thingGroupHierarchy/thingGroup/g/childThingGroup/h/added", subscribe: true},
	{topic: "$aws/certificates/create/json", publish: true},
	{topic: "$aws/certificates/create/json/accepted", subscribe: true},
	{topic: "$aws/certificates/create-from-csr/cbor", publish: true},
	{topic: "$aws/certificates/create-from-csr/cbor/rejected", subscribe: true},
	{topic: "$aws/certificates/create/json/#", subscribe: true},
	{topic: "$aws/provisioning-templates/t/provision/json/+", subscribe: true},
	{topic: "$aws/certificates/#"}, // requests with their keys are below it
	{topic: "$aws/provisioning-templates/t/provision/json", publish: true},
	{topic: "$aws/provisioning-templates/t/provision/json/accepted", subscribe: true},
	{topic: "$aws/things/a/jobs/get"},
	{topic: "$aws/things/a/jobs/get/accepted"},
	{topic: "$aws/things/a/jobs/start-next"},
	{topic: "$aws/things/a/jobs/j/get"},
	{topic: "$aws/things/a/jobs/j/update"},
	{topic: "$aws/things/a/jobs/j/update/rejected"},
	{topic: "$aws/things/a/jobs/notify"},
	{topic: "$aws/things/a/jobs/notify-next"},
	{topic: "$aws/commands/things/a/executions/e/request/json"},
	{topic: "$aws/commands/clients/a/executions/e/response/json"},
	{topic: "$aws/commands/things/a/executions/e/response/accepted"},
	{topic: "$aws/rules/NoSuchRule", publish: true}, // which the log tells: TestBasicIngest
	{topic: "$aws/things/a/tunnels/notify"},
	{topic: "$aws/things/a/shadow/get", publish: true, subscribe: true},
	{topic: "$aws/things/a/shadow/update", publish: true, subscribe: true},
	{topic: "$aws/things/a/shadow/delete", publish: true, subscribe: true},
	{topic: "$aws/things/a/shadow/update/delta", subscribe: true},
	{topic: "$aws/things/a/shadow/name/n/get", publish: true, subscribe: true},
	{topic: "$aws/things/a/shadow/name/n/get/accepted", subscribe: true},
	{topic: "$aws/things/a/streams/s/data/json"},
	{topic: "$aws/things/a/streams/s/get/json"},
	{topic: "$aws/things/a/streams/s/describe/cbor"},
	{topic: "$aws/things/a/nosuch"},
	{topic: "$aws/nosuch"},
	{topic: "$SYS/nosuch"},
}

// What is not served ends the connection, as AWS says of unsupported operations, with a
// reason that names the topic; over HTTP it is the call's error.
func TestReservedTopics(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		data := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		for _, row := range reservedTopics {
			for what, served := range map[string]bool{"publish": row.publish, "subscribe": row.subscribe} {
				before := len(f.heard(event.Rejected))
				c := f.dial("a", cert)
				did := c.publish
				if what == "subscribe" {
					did = func(topic, _ string) bool { codes := c.subscribe(1, topic); return len(codes) == 1 && codes[0] == 1 }
				}
				require.Equal(t, served, did(row.topic, "{}"), "%s %s", what, row.topic)
				settle()
				require.Equal(t, !served, c.isClosed(), "%s %s", what, row.topic)
				rejected := f.heard(event.Rejected)[before:]
				if served {
					require.Empty(t, rejected, "%s %s", what, row.topic)
					c.disconnect()
					continue
				}
				require.Len(t, rejected, 1, "%s %s", what, row.topic)
				require.Contains(t, rejected[0].Reason, row.topic)
			}
			if !row.publish {
				_, err := data.Publish(f.t.Context(), &iotdataplane.PublishInput{Topic: aws.String(row.topic)})
				requireCode(t, err, "InvalidRequestException", row.topic)
			}
		}
	})
}

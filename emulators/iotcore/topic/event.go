package topic

import (
	"slices"
	"strings"
)

// Registered is followed by the id of the CA certificate.
const Registered = "$aws/events/certificates/registered/"

// eventTopics are what filters begin with that are for lifecycle events, those of
// registrations and of the registry, or several kinds.
// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-event
var eventTopics = []string{
	"$aws/events/presence/", "$aws/events/subscriptions/", Registered, "$aws/events/+/",
	"$aws/events/thing/", "$aws/events/thingGroup/", "$aws/events/thingGroupHierarchy/",
	"$aws/events/thingGroupMembership/", "$aws/events/thingType/", "$aws/events/thingTypeAssociation/",
}

// IsEvent tells whether a filter is for events that there are here.
func IsEvent(filter string) bool {
	begins := func(topic string) bool { return strings.HasPrefix(filter, topic) }
	return filter == "$aws/events/#" || slices.ContainsFunc(eventTopics, begins)
}

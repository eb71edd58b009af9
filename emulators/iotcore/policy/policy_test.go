package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
)

const arn = "arn:aws:iot:us-east-1:000000000000:"

// sensorPolicy is the source document's, step 1.
const sensorPolicy = `{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"iot:Connect","Resource":"` + arn + `client/${iot:Connection.Thing.ThingName}"},
 {"Effect":"Allow","Action":"iot:Publish","Resource":["` + arn + `topic/devices/${iot:Connection.Thing.ThingName}/telemetry","` + arn + `topic/devices/${iot:Connection.Thing.ThingName}/status"]}]}`

func TestEvaluate(t *testing.T) {
	one := func(effect, action, resource string) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":%q,"Action":%q,"Resource":%q}}`, effect, action, resource)
	}
	thing := map[string]string{"iot:Connection.Thing.ThingName": "s1"}
	for _, c := range []struct {
		name      string
		documents []string
		action    string
		resource  string
		vars      map[string]string
		want      policy.Decision
	}{
		{"own client id", []string{sensorPolicy}, "iot:Connect", "client/s1", thing, policy.Allow},
		{"foreign client id", []string{sensorPolicy}, "iot:Connect", "client/s2", thing, policy.ImplicitDeny},
		{"own topic", []string{sensorPolicy}, "iot:Publish", "topic/devices/s1/status", thing, policy.Allow},
		{"foreign topic", []string{sensorPolicy}, "iot:Publish", "topic/devices/s2/status", thing, policy.ImplicitDeny},
		{"variable without a value", []string{sensorPolicy}, "iot:Connect", "client/", nil, policy.ImplicitDeny},
		{"deny wins", []string{one("Allow", "iot:*", "*"), one("Deny", "iot:Publish", arn+"topic/secret/*")}, "iot:Publish", "topic/secret/x", nil, policy.ExplicitDeny},
		{"deny elsewhere", []string{one("Allow", "iot:*", "*"), one("Deny", "iot:Publish", arn+"topic/secret/*")}, "iot:Publish", "topic/open", nil, policy.Allow},
		{"+ is literal", []string{one("Allow", "iot:Subscribe", arn+"topicfilter/a/+/c")}, "iot:Subscribe", "topicfilter/a/b/c", nil, policy.ImplicitDeny},
		{"+ matches itself", []string{one("Allow", "iot:Subscribe", arn+"topicfilter/a/+/c")}, "iot:Subscribe", "topicfilter/a/+/c", nil, policy.Allow},
		{"? is one character", []string{one("Allow", "iot:Publish", arn+"topic/a?c")}, "iot:Publish", "topic/abc", nil, policy.Allow},
		{"? is not none", []string{one("Allow", "iot:Publish", arn+"topic/a?c")}, "iot:Publish", "topic/ac", nil, policy.ImplicitDeny},
		{"a value's * is literal", []string{sensorPolicy}, "iot:Connect", "client/s1", map[string]string{"iot:Connection.Thing.ThingName": "*"}, policy.ImplicitDeny},
		{"* in the middle", []string{one("Allow", "iot:Publish", arn+"topic/*/b/*/d")}, "iot:Publish", "topic/a/b/b/c/d", nil, policy.Allow},
		{"another action", []string{one("Allow", "iot:Publish", "*")}, "iot:Subscribe", "topicfilter/a", nil, policy.ImplicitDeny},
	} {
		t.Run(c.name, func(t *testing.T) {
			var documents []*policy.Document
			for _, text := range c.documents {
				d, err := policy.Parse([]byte(text))
				require.NoError(t, err)
				documents = append(documents, d)
			}
			require.Equal(t, c.want, policy.Evaluate(documents, policy.Request{Action: c.action, Resource: arn + c.resource, Vars: c.vars}))
		})
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                        "unexpected EOF",
		`{"Version":"2012-10-17"}`: "Statement",
		`{"Version":"2020","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`:                "2020",
		`{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}`:                                 "Maybe",
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}`:                  "Condition",
		`{"Statement":{"Effect":"Allow","NotAction":"*","Resource":"*"}}`:                              "NotAction",
		`{"Statement":{"Effect":"Allow","Action":7,"Resource":"*"}}`:                                   "action",
		`{"Statement":{"Effect":"Allow","Action":"*"}}`:                                                "resource",
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"` + strings.Repeat("x", 2048) + `"}}`: "2048",
	} {
		_, err := policy.Parse([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sensorPolicy), "arn:*${iot:ClientId}?")
	f.Fuzz(func(t *testing.T, text []byte, resource string) {
		d, err := policy.Parse(text)
		if err == nil {
			policy.Evaluate([]*policy.Document{d}, policy.Request{Action: "iot:Publish", Resource: resource})
		}
	})
}

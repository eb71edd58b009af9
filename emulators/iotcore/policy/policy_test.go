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

// twoResources has one resource with a variable and one without.
const twoResources = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:Publish","Resource":["` + arn + `topic/${iot:Connection.Thing.ThingName}","` + arn + `topic/open"]}}`

// old is sensorPolicy in another version of the policy language.
func old(version string) string { return strings.Replace(sensorPolicy, "2012-10-17", version, 1) }

// AWS.md §1: Explicit Deny wins; In resources + and # are literals; * and ? are
// wildcards.
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
		{"# is literal", []string{one("Allow", "iot:Subscribe", arn+"topicfilter/a/#")}, "iot:Subscribe", "topicfilter/a/b", nil, policy.ImplicitDeny},
		{"# matches itself", []string{one("Allow", "iot:Subscribe", arn+"topicfilter/a/#")}, "iot:Subscribe", "topicfilter/a/#", nil, policy.Allow},
		{"? is one character", []string{one("Allow", "iot:Publish", arn+"topic/a?c")}, "iot:Publish", "topic/abc", nil, policy.Allow},
		{"? is not none", []string{one("Allow", "iot:Publish", arn+"topic/a?c")}, "iot:Publish", "topic/ac", nil, policy.ImplicitDeny},
		{"a value's * is literal", []string{sensorPolicy}, "iot:Connect", "client/s1", map[string]string{"iot:Connection.Thing.ThingName": "*"}, policy.ImplicitDeny},
		{"* in the middle", []string{one("Allow", "iot:Publish", arn+"topic/*/b/*/d")}, "iot:Publish", "topic/a/b/b/c/d", nil, policy.Allow},
		{"? is a character, not a byte", []string{one("Allow", "iot:Publish", arn+"topic/a?c")}, "iot:Publish", "topic/a€c", nil, policy.Allow},
		{"? is one character after *", []string{one("Allow", "iot:Publish", arn+"topic/*??")}, "iot:Publish", "topic/€", nil, policy.ImplicitDeny},
		{"${*} is a character", []string{one("Allow", "iot:Publish", arn+"topic/${*}/x")}, "iot:Publish", "topic/*/x", nil, policy.Allow},
		{"${*} is no wildcard", []string{one("Allow", "iot:Publish", arn+"topic/${*}/x")}, "iot:Publish", "topic/a/x", nil, policy.ImplicitDeny},
		{"${?} is a character", []string{one("Allow", "iot:Publish", arn+"topic/a${?}")}, "iot:Publish", "topic/a?", nil, policy.Allow},
		{"${?} is no wildcard", []string{one("Allow", "iot:Publish", arn+"topic/a${?}")}, "iot:Publish", "topic/ab", nil, policy.ImplicitDeny},
		{"${$} is a character", []string{one("Allow", "iot:Publish", arn+"topic/${$}{iot:ClientId}")}, "iot:Publish", "topic/${iot:ClientId}", nil, policy.Allow},
		{"a lone $", []string{one("Allow", "iot:Publish", arn+"topic/$aws/*")}, "iot:Publish", "topic/$aws/things", nil, policy.Allow},
		// "the resource that includes a policy variable with no value will not match any resource" (IAM, Variables)
		{"unset variable beside another resource", []string{twoResources}, "iot:Publish", "topic/open", nil, policy.Allow},
		{"unset variable's own resource", []string{twoResources}, "iot:Publish", "topic/s1", nil, policy.ImplicitDeny},
		{"2008-10-17 has no variables", []string{old("2008-10-17")}, "iot:Connect", "client/s1", thing, policy.ImplicitDeny},
		{"2008-10-17 takes ${…} as text", []string{old("2008-10-17")}, "iot:Connect", "client/${iot:Connection.Thing.ThingName}", thing, policy.Allow},
		{"without Version it is 2008-10-17", []string{`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*${iot:ClientId}"}}`}, "iot:Connect", "client/s1", map[string]string{"iot:ClientId": "s1"}, policy.ImplicitDeny},
		// "The prefix and the action name are case insensitive." (IAM, Action)
		{"an action in another case", []string{one("Allow", "IOT:publish", "*")}, "iot:Publish", "topic/a", nil, policy.Allow},
		{"a denied action in another case", []string{one("Allow", "iot:*", "*"), one("Deny", "iot:PUBLISH", "*")}, "iot:Publish", "topic/a", nil, policy.ExplicitDeny},
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
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}}`:                  "not a JSON object",
		`{"Statement":{"Effect":"Allow","NotAction":"*","Resource":"*"}}`:                              "NotAction",
		`{"Statement":{"Effect":"Allow","Action":7,"Resource":"*"}}`:                                   "action",
		`{"Statement":{"Effect":"Allow","Action":"*"}}`:                                                "resource",
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"` + strings.Repeat("x", 2048) + `"}}`: "2048",
	} {
		_, err := policy.Parse([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestParseIsStrict(t *testing.T) {
	const statement = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	for text, want := range map[string]string{
		`{"Version":"2012-10-17","Statement":` + statement + `}}`:                                             "more behind",
		`{"Version":"2012-10-17","Statement":` + statement + `} {}`:                                           "more behind",
		`{"Version":"2012-10-17","statement":` + statement + `}`:                                              `"statement"`,
		`{"version":"2012-10-17","Statement":` + statement + `}`:                                              `"version"`,
		`{"Version":"2012-10-17","Version":"2012-10-17","Statement":` + statement + `}`:                       "twice",
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}`: "twice",
		`{"Version":"2012-10-17","Statement":{"effect":"Allow","Action":"*","Resource":"*"}}`:                 `"effect"`,
		`{"Version":null,"Statement":` + statement + `}`:                                                      `"Version"`,
		`[` + statement + `]`: "not a JSON object",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"${iot:ClientId"}}`:            "not closed",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"${iot:ClientId, 'nobody'}"}}`: "default value",
	} {
		_, err := policy.Parse([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

// "a maximum length of 2048, excluding whitespace" (API_CreatePolicy): characters.
func TestSizeCountsCharactersWithoutWhiteSpace(t *testing.T) {
	document := func(resource string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"` + resource + `"}}`
	}
	room := 2048 - len(document(""))
	for resource, ok := range map[string]bool{
		strings.Repeat("x", room):                                   true,
		strings.Repeat("x", room+1):                                 false,
		strings.Repeat("€", room):                                   true,
		strings.Repeat("€", room+1):                                 false,
		strings.Repeat("x", room) + strings.Repeat(" ", 100_000):    true,
		strings.Repeat("x", room-10) + strings.Repeat(" ", 500_000): false,
	} {
		_, err := policy.Parse([]byte(document(resource)))
		require.Equal(t, ok, err == nil, "%d bytes: %v", len(resource), err)
	}
}

// FuzzPolicy: no document panics, what is read is bounded, and a decision is one
// of three and the same twice.
func FuzzPolicy(f *testing.F) {
	f.Add([]byte(sensorPolicy), arn+"client/s1", "s1")
	f.Add([]byte(old("2008-10-17")), arn+"client/${iot:ClientId}", "")
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["iot:*"],"Resource":"*${*}?€${iot:ClientId}*"}]}`), "a*b€s1", "s1")
	f.Add([]byte(document(when("Allow", `{"ForAnyValue:StringLikeIfExists":{"iot:ClientId":"${iot:ClientId}*"},"NotIpAddress":{"aws:SourceIp":"::/0"},"Null":{"iot:LastWillTopic":true}}`))), arn+"client/s1", "s1")
	f.Fuzz(func(t *testing.T, text []byte, resource, client string) {
		d, err := policy.Parse(text)
		if err != nil {
			return
		}
		r := policy.Request{Action: "iot:Publish", Resource: resource, Vars: map[string]string{"iot:ClientId": client}}
		first := policy.Evaluate([]*policy.Document{d}, r)
		require.NotEmpty(t, first.String())
		require.Equal(t, first, policy.Evaluate([]*policy.Document{d, d}, r))
	})
}

// BenchmarkPublish decides one publish of a sensor with the source document's policy.
func BenchmarkPublish(b *testing.B) {
	d, err := policy.Parse([]byte(sensorPolicy))
	require.NoError(b, err)
	documents := []*policy.Document{d}
	r := policy.Request{
		Action: "iot:Publish", Resource: arn + "topic/devices/sensor-001/telemetry",
		Vars: map[string]string{"iot:ClientId": "sensor-001", "iot:Connection.Thing.ThingName": "sensor-001"},
	}
	b.ReportAllocs()
	for b.Loop() {
		if policy.Evaluate(documents, r) != policy.Allow {
			b.Fatal("not allowed")
		}
	}
}

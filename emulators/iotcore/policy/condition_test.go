package policy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
)

// when is a statement about iot:Connect with a Condition.
func when(effect, condition string) string {
	return fmt.Sprintf(`{"Effect":%q,"Action":"iot:Connect","Resource":"*","Condition":%s}`, effect, condition)
}

func document(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

// TestConnectAttributes are the examples of
// https://docs.aws.amazon.com/iot/latest/developerguide/connect-policy.html#persistent-sessions-examples
func TestConnectAttributes(t *testing.T) {
	attributes := func(operator, values string) string {
		return `{"` + operator + `":{"iot:ConnectAttributes":` + values + `}}`
	}
	const persistent, will = "PersistentConnect", "LastWill"
	open := `{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}`
	for _, c := range []struct{ name, statements, lets string }{
		{"persistent", when("Allow", attributes("ForAllValues:StringEquals", `["PersistentConnect"]`)), "none persistent"},
		{"not persistent", when("Allow", attributes("ForAllValues:StringNotEquals", `["PersistentConnect"]`)), "none will"},
		{"denied if persistent", open + "," + when("Deny", attributes("ForAnyValue:StringEquals", `["PersistentConnect"]`)), "none will"},
		{"both may be", when("Allow", attributes("ForAllValues:StringEquals", `["PersistentConnect","LastWill"]`)), "none persistent will both"},
		{"with or without will", when("Allow", attributes("StringEquals", `"LastWill"`)), "none will"},
		{"nothing", when("Allow", attributes("ForAllValues:StringEquals", `[]`)), "none"},
		{"persistent at least", when("Allow", attributes("ForAnyValue:StringEquals", `["PersistentConnect"]`)), "persistent both"},
		{"both must be", when("Allow", attributes("ForAllValues:StringEquals", `["PersistentConnect","LastWill"]`)) +
			"," + when("Deny", attributes("ForAllValues:StringEquals", `["PersistentConnect"]`)) +
			"," + when("Deny", attributes("ForAllValues:StringEquals", `["LastWill"]`)) +
			"," + when("Deny", attributes("ForAllValues:StringEquals", `[]`)), "both"},
	} {
		d, err := policy.Parse([]byte(document(c.statements)))
		require.NoError(t, err, c.name)
		lets := ""
		for _, asked := range []struct {
			name string
			list []string
		}{{"none", nil}, {"persistent", []string{persistent}}, {"will", []string{will}}, {"both", []string{persistent, will}}} {
			r := policy.Request{Action: "iot:Connect", Resource: arn + "client/a", Lists: map[string][]string{policy.ConnectAttributes: asked.list}}
			if policy.Evaluate([]*policy.Document{d}, r) == policy.Allow {
				lets += " " + asked.name
			}
		}
		require.Equal(t, " "+c.lets, lets, c.name)
	}
}

// TestConditions: operators and keys, those of AWS's pages among them.
func TestConditions(t *testing.T) {
	lamp := map[string]string{
		policy.ClientID: "lamp-prod", policy.ThingName: "lamp-prod", policy.IsAttached: "true", policy.Attribute("envType"): "prod",
		policy.SourceIP: "10.1.2.3", policy.DomainName: "broker", policy.LastWillTopic: arn + "topic/my/lastwill",
		"iot:Certificate.Subject.Country": "NO", "iot:Certificate.Subject.Country.1": "SE",
	}
	lists := map[string][]string{"iot:Certificate.Subject.Country.List": {"NO", "SE"}}
	for condition, want := range map[string]bool{
		`{}`: true,
		`{"Bool":{"iot:Connection.Thing.IsAttached":"true"}}`:                                                    true,
		`{"Bool":{"iot:connection.thing.isattached":true}}`:                                                      true,
		`{"Bool":{"iot:Connection.Thing.IsAttached":"false"}}`:                                                   false,
		`{"StringLike":{"iot:ClientId":"*${iot:Connection.Thing.Attributes[envType]}"}}`:                         true,
		`{"StringLike":{"iot:ClientId":"*${iot:Connection.Thing.Attributes[other]}"}}`:                           false,
		`{"StringEquals":{"iot:ClientId":"lamp*"}}`:                                                              false,
		`{"StringEquals":{"iot:ClientId":["x","lamp-prod"]}}`:                                                    true,
		`{"StringEquals":{"iot:ClientId":"lamp-prod","iot:DomainName":"other"}}`:                                 false,
		`{"StringEquals":{"iot:ClientId":"lamp-prod"},"IpAddress":{"aws:SourceIp":"192.168.0.0/16"}}`:            false,
		`{"IpAddress":{"aws:SourceIp":["192.168.0.0/16","10.1.2.3"]}}`:                                           true,
		`{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`:                                                         false,
		`{"NotIpAddress":{"aws:SourceIp":"2001:db8::/32"}}`:                                                      true,
		`{"ArnEquals":{"iot:LastWillTopic":"arn:aws:iot:us-east-1:000000000000:topic/my/lastwill"}}`:             true,
		`{"ArnLike":{"iot:LastWillTopic":"arn:aws:iot:*:*:topic/other/*"}}`:                                      false,
		`{"Null":{"iot:Connection.Thing.ThingTypeName":"true"}}`:                                                 true,
		`{"Null":{"iot:ClientId":"true"}}`:                                                                       false,
		`{"StringEquals":{"iot:Connection.Thing.ThingTypeName":"bulb"}}`:                                         false,
		`{"StringEqualsIfExists":{"iot:Connection.Thing.ThingTypeName":"bulb"}}`:                                 true,
		`{"StringNotEquals":{"iot:Connection.Thing.ThingTypeName":"bulb"}}`:                                      true,
		`{"StringEqualsIgnoreCase":{"iot:Certificate.Subject.Country":"no"}}`:                                    true,
		`{"StringEquals":{"iot:Certificate.Subject.Country.1":"SE"}}`:                                            true,
		`{"StringEquals":{"iot:Certificate.Subject.Country.2":"SE"}}`:                                            false,
		`{"ForAnyValue:StringEquals":{"iot:Certificate.Subject.Country.List":["SE","FI"]}}`:                      true,
		`{"ForAllValues:StringEquals":{"iot:Certificate.Subject.Country.List":["SE","FI"]}}`:                     false,
		`{"StringEquals":{"iot:Certificate.Subject.CommonName":"${iot:Certificate.Subject.Country}"}}`:           false,
		`{"ForAnyValue:StringEquals":{"iot:Certificate.Subject.AlternativeName.DNSName.List":["lamp.example"]}}`: false,
	} {
		d, err := policy.Parse([]byte(document(when("Allow", condition))))
		require.NoError(t, err, condition)
		r := policy.Request{Action: "iot:Connect", Resource: arn + "client/lamp-prod", Vars: lamp, Lists: lists}
		require.Equal(t, want, policy.Evaluate([]*policy.Document{d}, r) == policy.Allow, condition)
	}
}

// TestConditionsRefused: what is not evaluated is named.
func TestConditionsRefused(t *testing.T) {
	for condition, says := range map[string]string{
		`[]`:                   "not a JSON object",
		`{"StringEquals":"x"}`: "not a JSON object",
		`{"DateLessThan":{"iot:ClientId":"2030-01-01T00:00:00Z"}}`:     "the operator DateLessThan is not implemented",
		`{"StringEquals":{"aws:CurrentTime":"x"}}`:                     "aws:CurrentTime: the key is not implemented",
		`{"StringEquals":{"iot:Certificate.SerialNumber":"7"}}`:        "iot:Certificate.SerialNumber: the key is not implemented",
		`{"StringEquals":{"iot:ClientId":"${iot:Certificate.Other}"}}`: "the variable iot:Certificate.Other is not implemented",
		`{"ForSomeValues:StringEquals":{"iot:ClientId":"x"}}`:          "ForSomeValues is neither",
		`{"StringEquals":{"iot:ClientId":[]}}`:                         "there is no value",
		`{"Null":{"iot:ClientId":"maybe"}}`:                            "neither true nor false",
		`{"IpAddress":{"aws:SourceIp":"10.0.0.0/40"}}`:                 "no range of addresses",
		`{"ArnEquals":{"iot:LastWillTopic":"topic"}}`:                  "no ARN",
	} {
		_, err := policy.Parse([]byte(document(when("Allow", condition))))
		require.ErrorContains(t, err, says, condition)
	}
	_, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*/${iot:Certificate.AvailableKeys}"}}`))
	require.ErrorContains(t, err, "iot:Certificate.AvailableKeys is not implemented")
}

package template

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTemplateFunctions: the functions of
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#intrinsic-functions
func TestTemplateFunctions(t *testing.T) {
	const frame = `{
	  "Parameters": {"Serial": {"Type": "String"}, "Location": {"Type": "String", "Default": "Seattle"}, "Empty": {"Type": "String"}},
	  "Mappings": {"LocationTable": {"Seattle": {"LocationUrl": "https://example.aws"}}},
	  "Resources": {"c": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}}},
	  "DeviceConfiguration": {"x": `
	for _, test := range []struct{ value, want, fails string }{
		{`"Bar"`, `"Bar"`, ""},
		{`{"Ref": "Serial"}`, `"7,8"`, ""},
		{`{"Ref": "Location"}`, `"Seattle"`, ""},
		{`{"Ref": "Empty"}`, "", "Empty has no value"},
		{`{"Ref": "None"}`, "", "refers to None"},
		{`{"Fn::Join": ["-", ["a", {"Ref": "Serial"}]]}`, `"a-7,8"`, ""},
		{`{"Fn::Join": ["", ["a", "b"]]}`, `"ab"`, ""},
		{`{"Fn::Join": ["-", "a"]}`, "", "Fn::Join takes a delimiter and a list"},
		{`{"Fn::Join": ["-", [1]]}`, "", "list of strings"},
		{`{"Fn::Split": [",", {"Ref": "Serial"}]}`, `["7","8"]`, ""},
		{`{"Fn::Split": ["", "a"]}`, "", "Fn::Split takes"},
		{`{"Fn::Select": [1, {"Fn::Split": [",", {"Ref": "Serial"}]}]}`, `"8"`, ""},
		{`{"Fn::Select": ["0", ["a", "b"]]}`, `"a"`, ""},
		{`{"Fn::Select": [2, ["a", "b"]]}`, "", "has no item 2"},
		{`{"Fn::Select": [-1, ["a", "b"]]}`, "", "has no item -1"},
		{`{"Fn::Select": [0, [null]]}`, "", "has no item 0"},
		{`{"Fn::Select": [0.5, ["a"]]}`, "", "Fn::Select takes"},
		{`{"Fn::FindInMap": ["LocationTable", {"Ref": "Location"}, "LocationUrl"]}`, `"https://example.aws"`, ""},
		{`{"Fn::FindInMap": ["LocationTable", "Oslo", "LocationUrl"]}`, "", "no LocationTable.Oslo.LocationUrl"},
		{`{"Fn::FindInMap": ["LocationTable", "Oslo"]}`, "", "Fn::FindInMap takes"},
		{`{"Fn::Sub": "${Location}/${!Literal}"}`, `"Seattle/${Literal}"`, ""},
		{`{"Fn::Sub": ["${Own}-${Serial}", {"Own": {"Ref": "Location"}}]}`, `"Seattle-7,8"`, ""},
		{`{"Fn::Sub": "${None}"}`, "", "None has no value"},
		{`{"Fn::Sub": ["a", "b", "c"]}`, "", "Fn::Sub takes"},
		{`{"Fn::Sub": ["${Location}", {"Location": 1}]}`, "", "Fn::Sub takes"},
		{`{"Fn::If": ["a"]}`, "", "there is no function Fn::If"},
		{`{"Fn::Join": ["", []], "x": 1}`, "", "stands alone"},
		{`"Bar"}}`, "", "more than one JSON value"},
	} {
		body, err := Parse(frame+test.value+`}}`, Fleet)
		var got any
		if err == nil {
			got, err = body.resolve(body.DeviceConfiguration["x"], map[string]string{"Serial": "7,8"})
		}
		if test.fails != "" {
			require.ErrorContains(t, err, test.fails, test.value)
			continue
		}
		require.NoError(t, err, test.value)
		text, err := json.Marshal(got)
		require.NoError(t, err)
		require.Equal(t, test.want, string(text), test.value)
	}
}

package expression

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// product is the item of the developer guide's examples.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Attributes.html
const product = `{
	"Id": {"N": "123"}, "Title": {"S": "Bicycle 123"}, "Description": {"S": "123 description"}, "BicycleType": {"S": "Hybrid"},
	"Brand": {"S": "Brand-Company C"}, "Price": {"N": "500"}, "Color": {"SS": ["Red", "Black"]}, "ProductCategory": {"S": "Bicycle"},
	"InStock": {"BOOL": true}, "QuantityOnHand": {"NULL": true}, "RelatedItems": {"L": [{"N": "341"}, {"N": "472"}, {"N": "649"}]},
	"Pictures": {"M": {"FrontView": {"S": "http://example.com/products/123_front.jpg"}, "RearView": {"S": "http://example.com/products/123_rear.jpg"},
		"SideView": {"S": "http://example.com/products/123_left_side.jpg"}}},
	"ProductReviews": {"M": {"FiveStar": {"L": [{"S": "Excellent! Can't recommend it highly enough! Buy it!"}, {"S": "Do yourself a favor and buy this."}]},
		"OneStar": {"L": [{"S": "Terrible product! Do not buy this."}]}}},
	"Comment": {"S": "This product sells out quickly during the summer"}, "Safety.Warning": {"S": "Always wear a helmet"}
}`

func item(t testing.TB, text string) attribute.Item {
	t.Helper()
	var i attribute.Item
	require.NoError(t, json.Unmarshal([]byte(text), &i))
	return i
}

// binding makes Bindings; empty texts are none.
func binding(t testing.TB, names, values string) *Bindings {
	t.Helper()
	var n map[string]string
	var v attribute.Values
	if names != "" {
		require.NoError(t, json.Unmarshal([]byte(names), &n))
	}
	if values != "" {
		require.NoError(t, json.Unmarshal([]byte(values), &v))
	}
	b, err := Bind(n, v)
	require.NoError(t, err)
	return b
}

package expression

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConditions holds for the product: examples of the developer guide and
// the rules that its pages and the service's answers give.
//
// AWS.md §5: full expression grammar (Key, Filter, Projection, Update
// SET/REMOVE/ADD/DELETE, Condition).
func TestConditions(t *testing.T) {
	i := item(t, product)
	const values = `{":s":{"S":"Bicycle"},":n":{"N":"500.0"},":low":{"N":"100"},":high":{"N":"1000"},":t":{"BOOL":true},":null":{"NULL":true},":type":{"S":"SS"},
		":red":{"S":"Red"},":prefix":{"S":"http://"},":list":{"L":[{"N":"341"},{"N":"472"},{"N":"649"}]},":set":{"SS":["Black","Red"]},":472":{"N":"472"},":3":{"N":"3"},":text":{"S":"500"}}`
	for text, want := range map[string]bool{
		"Price = :n": true, "Price = :text": false, "Price <> :text": true, "Price > :low": true, "Price >= :n": true, "Price < :n": false, "Price <= :n": true,
		":low < Price": true, "Title > :s": true, "Title < :text": false,
		"Price BETWEEN :low AND :high": true, "Price between :low and :high": true, "Title BETWEEN :low AND :high": false, ":n BETWEEN Id AND Price": true,
		"ProductCategory IN (:red, :s)": true, "ProductCategory IN (:red)": false, "Price IN (:s, :n)": true, "absent IN (:s)": false,
		"attribute_exists(Price)": true, "attribute_exists(Pictures.SideView)": true, "attribute_exists(Pictures.TopView)": false, "attribute_not_exists(RelatedItems[3])": true,
		"attribute_exists(RelatedItems.x)": false, "attribute_exists(Pictures[0])": false, "attribute_not_exists(Price.x)": true,
		"attribute_type(Color, :type)": true, "attribute_type(Price, :type)": false, "attribute_type(absent, :type)": false,
		"begins_with(Pictures.FrontView, :prefix)": true, "begins_with(Title, :prefix)": false, "begins_with(Price, :s)": false,
		"contains(Color, :red)": true, "contains(Title, :s)": true, "contains(RelatedItems, :472)": true, "contains(Color, :472)": false, "contains(Price, :s)": false,
		"size(Color) < :3": true, "size(Title) > :3": true, "size(RelatedItems) = :3": true, ":3 = size(RelatedItems)": true, "size(Price) > :3": false, "size(Pictures) BETWEEN :3 AND :high": true,
		"InStock = :t": true, "QuantityOnHand = :null": true, "RelatedItems = :list": true, "Color = :set": true, "RelatedItems[1] = :472": true,
		"absent = :s": false, "absent <> :s": true, "absent = gone": false, "absent <> gone": true, "absent < :n": false, "NOT absent < :n": true,
		"Price > :low AND Price < :high": true, "Price > :high OR InStock = :t": true,
		"Price > :high AND InStock = :t OR Id < :n": true, "Price > :high AND (InStock = :t OR Id < :n)": false,
		"NOT Price > :high AND Price > :high": false, "NOT (Price > :high AND Price > :low)": true, "NOT NOT Price = :n": true, "(Price) = (:n)": true, "not Price = :n": false,
		"(size(Color)) < :3": true, "Id = :n OR(InStock=:t)": true,
		"ProductCategory = :s and Price in (:low,:n)": true,
	} {
		c, err := new(Cache).Condition(FilterKind, text, binding(t, "", values))
		require.NoError(t, err, text)
		require.Equal(t, want, c.Holds(i), text)
	}
	c, err := new(Cache).Condition(ConditionKind, "attribute_not_exists(Id)", binding(t, "", ""))
	require.NoError(t, err)
	require.True(t, c.Holds(nil))
}

func TestNamesStandForAnything(t *testing.T) {
	b := binding(t, `{"#sw":"Safety.Warning","#c":"Comment","#p":"Pictures","#f":"FrontView"}`, `{":h":{"S":"helmet"}}`)
	c, err := new(Cache).Condition(FilterKind, "contains(#sw, :h) AND attribute_exists(#c) AND attribute_exists(#p.#f)", b)
	require.NoError(t, err)
	require.NoError(t, b.Unused())
	require.True(t, c.Holds(item(t, product)))
}

// AWS.md §5: "full expression grammar (Key, Filter, Projection, Update …".
// AWS.md §5: with overlap, reserved-word and unused-value errors.
func TestConditionsRefused(t *testing.T) {
	const values = `{":s":{"S":"b"},":a":{"S":"a"},":n":{"N":"1"},":m":{"M":{}},":t":{"BOOL":true}}`
	for text, message := range map[string]string{
		"":                                       "The expression can not be empty;",
		"  ":                                     "The expression can not be empty;",
		"Price":                                  `Syntax error; token: "<EOF>", near: "Price"`,
		"Price =":                                `Syntax error; token: "<EOF>", near: "="`,
		"= :n":                                   `Syntax error; token: "=", near: "= :n"`,
		"a != :n":                                `Syntax error; token: "!", near: "a !="`,
		"a == :n":                                `Syntax error; token: "=", near: "== :n"`,
		"_id = :n":                               `Syntax error; token: "_", near: "_id"`,
		"a-b = :n":                               `Syntax error; token: "-", near: "a-b"`,
		"a = :n AND":                             `Syntax error; token: "<EOF>", near: "AND"`,
		"(a = :n":                                `Syntax error; token: "<EOF>", near: ":n"`,
		"a = :n)":                                `Syntax error; token: ")", near: ":n)"`,
		"a IN ()":                                `Syntax error; token: ")", near: "()"`,
		"a BETWEEN :a OR :s":                     `Syntax error; token: "OR", near: ":a OR :s"`,
		"a[:n] = :n":                             `Syntax error; token: ":n", near: "[:n]"`,
		"a[-1] = :n":                             `Syntax error; token: "-", near: "[-1"`,
		"a. = :n":                                `Syntax error; token: "=", near: ". = :n"`,
		"a = 5":                                  `Syntax error; token: "5", near: "= 5"`,
		"a = 'x'":                                `Syntax error; token: "'", near: "= 'x"`,
		"status = :n":                            "Attribute name is a reserved keyword; reserved keyword: status",
		"a.Data = :n":                            "Attribute name is a reserved keyword; reserved keyword: Data",
		"#x = :n":                                "An expression attribute name used in the document path is not defined; attribute name: #x",
		"a = :x":                                 "An expression attribute value used in expression is not defined; attribute value: :x",
		"dog(a)":                                 "Invalid function name; function: dog",
		"SIZE(a) > :n":                           "Invalid function name; function: SIZE",
		"size(a)":                                "The function is not allowed to be used this way in an expression; function: size",
		"attribute_exists(a) = :t":               "The function is not allowed to be used this way in an expression; function: attribute_exists",
		"if_not_exists(a, :n) = :n":              "The function is not allowed in a condition expression; function: if_not_exists",
		"size(a, b) = :n":                        "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
		"attribute_exists(:s)":                   "Operator or function requires a document path; operator or function: attribute_exists",
		"a < :m":                                 "Incorrect operand type for operator or function; operator or function: <, operand type: M",
		"a BETWEEN :t AND :n":                    "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL",
		"begins_with(a, :n)":                     "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
		"attribute_type(a, :n)":                  "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
		"attribute_type(a, :s)":                  "Invalid attribute type name found; type: b, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
		"size(:n) = :n":                          "Incorrect operand type for operator or function; operator or function: size, operand type: N",
		"a BETWEEN :s AND :a":                    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}",
		"a BETWEEN :n AND :s":                    "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:b}",
		"a.b = a.b":                              "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a, b]",
		"contains(a, a)":                         "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a]",
		"((a = :n))":                             "The expression has redundant parentheses;",
		"(a = :n) AND ((b = :n))":                "The expression has redundant parentheses;",
		"a[99999999999] = :n":                    "List index is not within the allowable range; index: [99999999999]",
		"a" + strings.Repeat(".b", 32) + " = :n": "The document path has too many nesting elements; nesting levels: 33",
		strings.Repeat("a", 4097):                "Expression size has exceeded the maximum allowed size; expression size: 4097",
		"a = :n" + strings.Repeat(" OR a = :n", 150): "The expression contains too many operators; operator count: 301",
	} {
		_, err := new(Cache).Condition(FilterKind, text, binding(t, "", values))
		require.EqualError(t, err, "ValidationException: Invalid FilterExpression: "+message, text)
	}
}

func TestBindRefuses(t *testing.T) {
	_, err := Bind(map[string]string{}, nil)
	require.EqualError(t, err, "ValidationException: ExpressionAttributeNames must not be empty")
	_, err = Bind(map[string]string{"x": "y"}, nil)
	require.EqualError(t, err, `ValidationException: ExpressionAttributeNames contains invalid key: Syntax error; key: "x"`)
	_, err = Bind(map[string]string{"#a": strings.Repeat("a", 65535)}, nil)
	require.NoError(t, err)
	_, err = Bind(map[string]string{"#a": strings.Repeat("a", 65536)}, nil)
	require.EqualError(t, err, "ValidationException: ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less than 65536 bytes for key #a")
	b := binding(t, `{"#a":"a","#b":"b"}`, `{":v":{"S":"x"}}`)
	require.EqualError(t, b.Unused(), "ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}")
}

// TestReservedWords counts the list of the developer guide.
//
// AWS.md §5: "overlap, reserved-word and unused-value errors".
func TestReservedWords(t *testing.T) {
	require.Len(t, reservedWords, 573)
	for _, word := range []string{"status", "Timestamp", "DATA", "abort", "zone", "connection", "flattern"} {
		require.True(t, reserved(word), word)
	}
	for _, word := range []string{"lastSeen", "PK", "GSI1SK", "Price", "id", "version", "device"} {
		require.False(t, reserved(word), word)
	}
}

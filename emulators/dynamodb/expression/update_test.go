package expression

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUpdates applies updates to {"p": …} with what each case adds.
//
// AWS.md §5: Update SET/REMOVE/ADD/DELETE.
// AWS.md §5: full expression grammar (Key, Filter, Projection, Update
// SET/REMOVE/ADD/DELETE, Condition).
func TestUpdates(t *testing.T) {
	const values = `{":n":{"N":"1"},":m":{"N":"2.5"},":s":{"S":"x"},":l":{"L":[{"S":"x"}]},":k":{"L":[{"S":"y"}]},":map":{"M":{"k":{"S":"v"}}},
		":ss":{"SS":["b","c"]},":ns":{"NS":["1","2"]}}`
	for _, tc := range []struct{ before, update, after string }{
		// SET: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
		{`{}`, "SET a = :n, b = :s", `{"a":{"N":"1"},"b":{"S":"x"}}`},
		{`{"a":{"S":"old"}}`, "set a = :n", `{"a":{"N":"1"}}`},
		{`{"Price":{"N":"500"}}`, "SET Price = Price - :m", `{"Price":{"N":"497.5"}}`},
		{`{"a":{"N":"1"}}`, "SET a = (a + :m)", `{"a":{"N":"3.5"}}`},
		{`{"a":{"N":"1"}}`, "SET b = :n + a", `{"a":{"N":"1"},"b":{"N":"2"}}`},
		{`{"a":{"M":{}}}`, "SET a.b = :s, a.c = :map", `{"a":{"M":{"b":{"S":"x"},"c":{"M":{"k":{"S":"v"}}}}}}`},
		{`{"a":{"L":[{"S":"0"},{"S":"1"}]}}`, "SET a[1] = :s", `{"a":{"L":[{"S":"0"},{"S":"x"}]}}`},
		{`{"a":{"L":[{"S":"0"}]}}`, "SET a[84] = :s, a[37] = :n", `{"a":{"L":[{"S":"0"},{"N":"1"},{"S":"x"}]}}`},
		{`{"a":{"L":[{"S":"0"}]}}`, "SET a = list_append(a, :l)", `{"a":{"L":[{"S":"0"},{"S":"x"}]}}`},
		{`{"a":{"L":[{"S":"0"}]}}`, "SET a = list_append(:l, a)", `{"a":{"L":[{"S":"x"},{"S":"0"}]}}`},
		{`{}`, "SET a = list_append(if_not_exists(a, :k), :l)", `{"a":{"L":[{"S":"y"},{"S":"x"}]}}`},
		{`{}`, "SET a = if_not_exists(a, :n)", `{"a":{"N":"1"}}`},
		{`{"a":{"N":"7"}}`, "SET a = if_not_exists(a, :n) + :n", `{"a":{"N":"8"}}`},
		{`{}`, "SET a = if_not_exists(b, if_not_exists(c, :n))", `{"a":{"N":"1"}}`},
		// All operands are read before anything changes.
		{`{"a":{"N":"1"},"b":{"N":"2"}}`, "SET a = b, b = a", `{"a":{"N":"2"},"b":{"N":"1"}}`},
		{`{"a":{"N":"1"}}`, "REMOVE a SET b = a", `{"b":{"N":"1"}}`},
		// REMOVE
		{`{"a":{"N":"1"},"b":{"N":"1"}}`, "REMOVE a, c", `{"b":{"N":"1"}}`},
		{`{"a":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}`, "REMOVE a[0], a[1]", `{"a":{"L":[{"N":"2"}]}}`},
		{`{"a":{"L":[{"N":"0"},{"N":"1"}]}}`, "REMOVE a[17]", `{"a":{"L":[{"N":"0"},{"N":"1"}]}}`},
		{`{"a":{"L":[{"N":"2"},{"N":"3"},{"N":"4"},{"N":"5"}]}}`, "REMOVE a[1] SET a[3] = :s", `{"a":{"L":[{"N":"2"},{"N":"4"},{"S":"x"}]}}`},
		{`{"a":{"M":{"b":{"N":"1"}}}}`, "REMOVE a.b", `{"a":{"M":{}}}`},
		{`{"a":{"L":[{"M":{"q":{"N":"1"}}},{"M":{"r":{"N":"1"},"q":{"N":"2"}}}]}}`, "REMOVE a[1].q, a[0]", `{"a":{"L":[{"M":{"r":{"N":"1"}}}]}}`},
		// ADD
		{`{}`, "ADD a :n, b :ss", `{"a":{"N":"1"},"b":{"SS":["b","c"]}}`},
		{`{"a":{"N":"0.5"}}`, "ADD a :m", `{"a":{"N":"3"}}`},
		{`{"a":{"SS":["a","b"]}}`, "ADD a :ss", `{"a":{"SS":["a","b","c"]}}`},
		{`{"a":{"M":{"n":{"N":"1"}}}}`, "ADD a.n :n", `{"a":{"M":{"n":{"N":"2"}}}}`},
		// DELETE
		{`{"a":{"SS":["a","b"]}}`, "DELETE a :ss", `{"a":{"SS":["a"]}}`},
		{`{"a":{"NS":["1"]},"b":{"S":"x"}}`, "DELETE a :ns", `{"b":{"S":"x"}}`},
		{`{}`, "DELETE a :ss", `{}`},
		{`{"a":{"N":"1"},"b":{"N":"1"},"c":{"N":"1"},"e":{"SS":["b"]}}`, "SET a = :s REMOVE b ADD c :n DELETE e :ss", `{"a":{"S":"x"},"c":{"N":"2"}}`},
	} {
		u, err := new(Cache).Update(tc.update, binding(t, "", values))
		require.NoError(t, err, tc.update)
		i := item(t, tc.before)
		require.NoError(t, u.Apply(i, true), tc.update)
		got, err := json.Marshal(i)
		require.NoError(t, err)
		require.JSONEq(t, tc.after, string(got), tc.update)
	}
}

// AWS.md §5: "SET/REMOVE/ADD/DELETE … with overlap, reserved-word and unused-value errors".
func TestUpdatesRefused(t *testing.T) {
	const values = `{":n":{"N":"1"},":s":{"S":"x"},":l":{"L":[]},":ss":{"SS":["b"]},":m":{"M":{}}}`
	for text, message := range map[string]string{
		"":                                  "The expression can not be empty;",
		"HELLO a = :n":                      `Syntax error; token: "HELLO", near: "HELLO a"`,
		"SET":                               `Syntax error; token: "<EOF>", near: "SET"`,
		"SET = :n":                          `Syntax error; token: "=", near: "SET = :n"`,
		"SET a = :n,":                       `Syntax error; token: "<EOF>", near: ","`,
		"SET :n = :s":                       `Syntax error; token: ":n", near: "SET :n ="`,
		"SET a = :n + :n + :n":              `Syntax error; token: "+", near: ":n + :n"`,
		"SET a = :n b = :s":                 `Syntax error; token: "b", near: ":n b ="`,
		"ADD a b":                           `Syntax error; token: "b", near: "a b"`,
		"SET a = _f(b)":                     `Syntax error; token: "_", near: "= _f"`,
		"SET a = if_not_exists(a, :n + :n)": `Syntax error; token: "+", near: ":n + :n"`,
		"SET data = :n":                     "Attribute name is a reserved keyword; reserved keyword: data",
		"SET a = f(b, c, d)":                "Invalid function name; function: f",
		"SET a = size(b)":                   "The function is not allowed in an update expression; function: size",
		"SET a = :n SET b = :s":             `The "SET" section can only be used once in an update expression;`,
		"SET a = :n remove b REMOVE c":      `The "REMOVE" section can only be used once in an update expression;`,
		"SET a = list_append(:l)":           "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1",
		"SET a = list_append(a, :s)":        "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
		"SET a = list_append(list_append(:l, :l), :l)": "The function is not allowed to be used this way in an expression; function: list_append",
		"SET a = if_not_exists(:n, :n)":                "Operator or function requires a document path; operator or function: if_not_exists",
		"SET a = a + :s":                               "Incorrect operand type for operator or function; operator or function: +, operand type: S",
		"SET a = :l - :n":                              "Incorrect operand type for operator or function; operator or function: -, operand type: L",
		"ADD a :s":                                     "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
		"DELETE a :m":                                  "Incorrect operand type for operator or function; operator: DELETE, operand type: MAP, typeSet: ALLOWED_FOR_DELETE_OPERAND",
		"SET a = :n, a = :s":                           "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
		"SET a = :n REMOVE a.b":                        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
		"SET a[1] = :n, a.b = :s":                      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [1]], path two: [a, b]",
		"SET a = :x":                                   "An expression attribute value used in expression is not defined; attribute value: :x",
	} {
		_, err := new(Cache).Update(text, binding(t, "", values))
		require.EqualError(t, err, "ValidationException: Invalid UpdateExpression: "+message, text)
	}
	_, err := new(Cache).Update("SET #a = :n, #b = :s", binding(t, `{"#a":"x","#b":"x"}`, values))
	require.ErrorContains(t, err, "path one: [x], path two: [x]")
}

func TestUpdatesFail(t *testing.T) {
	const (
		badPath = "The document path provided in the update expression is invalid for update"
		missing = "The provided expression refers to an attribute that does not exist in the item"
		badType = "An operand in the update expression has an incorrect data type"
	)
	const before = `{"s":{"S":"hello"},"l":{"L":[{"S":"x"}]},"n":{"N":"1e125"},"tags":{"SS":["a"]}}`
	for text, message := range map[string]string{
		"SET s.c = :n": badPath, "SET l.c = :n": badPath, "SET c.c = :n": badPath, "SET s[0] = :n": badPath, "SET c[0] = :n": badPath,
		"REMOVE s.c": badPath, "REMOVE l.c": badPath, "REMOVE c.c": badPath, "REMOVE c[0]": badPath, "SET l[3].x = :n": badPath,
		"SET a = b": missing, "SET a = b + :n": missing, "SET a = list_append(b, :l)": missing,
		"SET a = s + :n": badType, "SET a = list_append(s, :l)": badType, "ADD s :n": badType, "ADD l :ss": badType, "DELETE s :ss": badType, "ADD tags :ns": badType,
		"ADD n :n": "Number overflow. Attempting to store a number with magnitude larger than supported range",
	} {
		u, err := new(Cache).Update(text, binding(t, "", `{":n":{"N":"1"},":l":{"L":[]},":ss":{"SS":["b"]},":ns":{"NS":["1"]}}`))
		require.NoError(t, err, text)
		require.EqualError(t, u.Apply(item(t, before), true), "ValidationException: "+message, text)
	}
}

// AWS.md §5: full expression grammar (Key, Filter, Projection, Update
// SET/REMOVE/ADD/DELETE, Condition).
func TestProjections(t *testing.T) {
	i := item(t, product)
	for text, want := range map[string]string{
		"Description, Price": `{"Description":{"S":"123 description"},"Price":{"N":"500"}}`,
		"Description, RelatedItems[0], ProductReviews.FiveStar": `{"Description":{"S":"123 description"},"RelatedItems":{"L":[{"N":"341"}]},
			"ProductReviews":{"M":{"FiveStar":{"L":[{"S":"Excellent! Can't recommend it highly enough! Buy it!"},{"S":"Do yourself a favor and buy this."}]}}}}`,
		"RelatedItems[2], RelatedItems[0], RelatedItems[9]": `{"RelatedItems":{"L":[{"N":"341"},{"N":"649"}]}}`,
		"ProductReviews.FiveStar[1], ProductReviews.Gone":   `{"ProductReviews":{"M":{"FiveStar":{"L":[{"S":"Do yourself a favor and buy this."}]}}}}`,
		"absent, Price.x, Pictures.TopView, Id[0]":          `{}`,
	} {
		p, err := new(Cache).Projection(text, binding(t, "", ""))
		require.NoError(t, err, text)
		got, err := json.Marshal(p.Project(i))
		require.NoError(t, err)
		require.JSONEq(t, want, string(got), text)
	}
	for text, message := range map[string]string{
		"a,":        `Syntax error; token: "<EOF>", near: ","`,
		"a b":       `Syntax error; token: "b", near: "a b"`,
		"a, :v":     `Syntax error; token: ":v", near: ", :v"`,
		"a, name":   "Attribute name is a reserved keyword; reserved keyword: name",
		"a[0], a.b": "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]",
		"a.b, a":    "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]",
	} {
		_, err := new(Cache).Projection(text, binding(t, "", ""))
		require.EqualError(t, err, "ValidationException: Invalid ProjectionExpression: "+message, text)
	}
}

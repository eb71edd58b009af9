package reports_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

var rewrite = flag.Bool("rewrite", false, "write result.schema.json again")

const schemaFile = "result.schema.json"

// generate makes the schema of a Result, described by the comments of its fields.
func generate(t *testing.T) []byte {
	t.Helper()
	var r jsonschema.Reflector
	require.NoError(t, r.AddGoComments("github.com/shakedown-iot/shakedown/reports", "./", jsonschema.WithFullComment()))
	for name, comment := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(comment), " ")
	}
	schema := r.Reflect(&reports.Result{})
	schema.ID = "https://github.com/shakedown-iot/shakedown/reports/" + schemaFile
	schema.Title = reports.Schema
	text, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	return append(text, '\n')
}

func TestSchemaIsOfTheResult(t *testing.T) {
	made := generate(t)
	if *rewrite {
		require.NoError(t, os.WriteFile(schemaFile, made, 0o644))
		return
	}
	require.Equal(t, string(made), string(reports.ResultSchema()),
		"reports.Result has changed: go test ./reports -run TestSchemaIsOfTheResult -rewrite")
}

// TestSchemaTellsGoodFromBad: `shakedown run` is held to the schema by the scripts in
// cmd/shakedown; here it is shown to refuse.
func TestSchemaTellsGoodFromBad(t *testing.T) {
	document, err := validator.UnmarshalJSON(bytes.NewReader(reports.ResultSchema()))
	require.NoError(t, err)
	compiler := validator.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("result", document))
	schema, err := compiler.Compile("result")
	require.NoError(t, err)
	check := func(change func(map[string]any)) error {
		var file bytes.Buffer
		require.NoError(t, whole().Write(&file))
		instance, err := validator.UnmarshalJSON(&file)
		require.NoError(t, err)
		change(instance.(map[string]any))
		return schema.Validate(instance)
	}
	require.NoError(t, check(func(map[string]any) {}))
	require.Error(t, check(func(r map[string]any) { delete(r, "sinks") }))
	require.Error(t, check(func(r map[string]any) { r["seed"] = "seven" }))
	require.Error(t, check(func(r map[string]any) { r["started"] = "yesterday" }))
	require.Error(t, check(func(r map[string]any) { r["surprise"] = 1 }))
}

// whole is a result with every list, as a run writes it.
func whole() *reports.Result {
	r := busy()
	r.Rates, r.Expectations = []reports.Rate{}, []reports.Expectation{{Text: "lost == 0", Measured: "80"}}
	r.Series.P90 = r.Series.P50
	r.Slowest[0].Hops = []reports.Hop{{Text: "sampled"}}
	return r
}

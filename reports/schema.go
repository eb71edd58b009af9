package reports

import _ "embed"

//go:embed result.schema.json
var resultSchema []byte

// ResultSchema is the JSON Schema (2020-12) of the JSON form of a Result. It is made
// from the Go type and its comments:
//
//	go test ./reports -run TestSchemaIsOfTheResult -rewrite
func ResultSchema() []byte { return append([]byte(nil), resultSchema...) }

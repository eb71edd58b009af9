package fault

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// dynamoDBFormat says of a throttled call which tables throttled it and why.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html
type dynamoDBFormat struct{ jsonFormat }

func (d dynamoDBFormat) refuse(m message, f failure) *http.Response {
	shape := map[string]any{"__type": d.prefix + f.code, "message": f.message}
	if f == services["dynamodb"].throttle {
		shape["ThrottlingReasons"] = reasons(m)
	}
	return d.answer(m.Request, f.status, f.code, shape)
}

type reason struct {
	Reason   string `json:"reason"`
	Resource string `json:"resource"`
}

func reasons(m message) []reason {
	why := "TableWriteProvisionedThroughputExceeded"
	switch operationOf("dynamodb", m.Request, nil) {
	case "BatchGetItem", "GetItem", "Query", "Scan":
		why = "TableReadProvisionedThroughputExceeded"
	}
	list := []reason{}
	for _, table := range tablesOf(m.body) {
		list = append(list, reason{why, tableARN(m.Request, table)})
	}
	return list
}

// tablesOf are the tables that a call is about.
func tablesOf(body []byte) []string {
	var about struct {
		TableName    string
		RequestItems map[string]json.RawMessage
	}
	if json.Unmarshal(body, &about) != nil || (about.TableName == "" && len(about.RequestItems) == 0) {
		return nil
	}
	if about.TableName != "" {
		return []string{about.TableName}
	}
	return slices.Sorted(maps.Keys(about.RequestItems))
}

// tableARN names a table in the default account: a request does not say which
// account it is for.
func tableARN(r *http.Request, table string) string {
	if strings.HasPrefix(table, "arn:") {
		return table
	}
	scope, _ := wire.ScopeOf(r)
	return wire.ARN("dynamodb", scope.Region, wire.DefaultAccount, "table/"+table)
}

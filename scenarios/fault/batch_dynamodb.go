package fault

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// entry is one write or key of a table.
type entry struct {
	table string
	value json.RawMessage
}

func entryKeys(entries []entry) []string {
	keys := make([]string, len(entries))
	for i, e := range entries {
		keys[i] = e.table + " " + digest(canonical(e.value))
	}
	return keys
}

func byTable(entries []entry) map[string][]json.RawMessage {
	tables := map[string][]json.RawMessage{}
	for _, e := range entries {
		tables[e.table] = append(tables[e.table], e.value)
	}
	return tables
}

// writes is BatchWriteItem: the failed writes are UnprocessedItems. When all
// failed, the call is throttled.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
type writes struct {
	object
	entries []entry
}

func readWrites(body []byte) (batch, error) {
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, err
	}
	var tables map[string][]json.RawMessage
	if err := json.Unmarshal(o["RequestItems"], &tables); err != nil {
		return nil, err
	}
	w := writes{object: o}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		for _, write := range tables[table] {
			w.entries = append(w.entries, entry{table, write})
		}
	}
	return w, nil
}

func (w writes) keys() []string { return entryKeys(w.entries) }

func (w writes) without(failed []bool) []byte {
	return mustJSON(w.with("RequestItems", byTable(pick(w.entries, failed, false))))
}

func (w writes) answer(m message, got *reply, failed []bool) *http.Response {
	format := services["dynamodb"].format.(dynamoDBFormat)
	if got == nil {
		return format.refuse(m, services["dynamodb"].throttle)
	}
	rest := got.members()
	if rest == nil {
		return nil
	}
	left := map[string][]json.RawMessage{}
	if json.Unmarshal(orNull(rest["UnprocessedItems"]), &left) != nil {
		return nil
	}
	if left == nil {
		left = map[string][]json.RawMessage{}
	}
	for table, list := range byTable(pick(w.entries, failed, true)) {
		left[table] = append(left[table], list...)
	}
	rest.put("UnprocessedItems", left)
	return format.answer(m.Request, http.StatusOK, "", rest)
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// gets is BatchGetItem: the failed keys are UnprocessedKeys, with what else was
// asked of their table. When all failed, the call is throttled.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
type gets struct {
	object
	tables  map[string]object
	entries []entry
}

func readGets(body []byte) (batch, error) {
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, err
	}
	g := gets{object: o}
	if err := json.Unmarshal(o["RequestItems"], &g.tables); err != nil {
		return nil, err
	}
	for _, table := range slices.Sorted(maps.Keys(g.tables)) {
		var keys []json.RawMessage
		if err := json.Unmarshal(orNull(g.tables[table]["Keys"]), &keys); err != nil {
			return nil, err
		}
		for _, key := range keys {
			g.entries = append(g.entries, entry{table, key})
		}
	}
	return g, nil
}

func (g gets) keys() []string { return entryKeys(g.entries) }

// asked are reads of some of the keys.
func (g gets) asked(entries []entry) map[string]object {
	some := map[string]object{}
	for table, keys := range byTable(entries) {
		some[table] = g.tables[table].with("Keys", keys)
	}
	return some
}

func (g gets) without(failed []bool) []byte {
	return mustJSON(g.with("RequestItems", g.asked(pick(g.entries, failed, false))))
}

func (g gets) answer(m message, got *reply, failed []bool) *http.Response {
	format := services["dynamodb"].format.(dynamoDBFormat)
	if got == nil {
		return format.refuse(m, services["dynamodb"].throttle)
	}
	rest := got.members()
	if rest == nil {
		return nil
	}
	var left map[string]struct{ Keys []json.RawMessage }
	if json.Unmarshal(orNull(rest["UnprocessedKeys"]), &left) != nil {
		return nil
	}
	entries := pick(g.entries, failed, true)
	for table, some := range left {
		for _, key := range some.Keys {
			entries = append(entries, entry{table, key})
		}
	}
	rest.put("UnprocessedKeys", g.asked(entries))
	return format.answer(m.Request, http.StatusOK, "", rest)
}

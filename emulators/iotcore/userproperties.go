package iotcore

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// readUserProperties reads the array of one-member objects of the data plane,
// [{"key": "value"}, …], in base64.
func readUserProperties(text string) ([]sql.UserProperty, error) {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("userProperties is not base64: %w", err)
	}
	var list []map[string]string
	if err := json.Unmarshal(plain, &list); err != nil {
		return nil, fmt.Errorf("userProperties is not an array of objects of strings: %w", err)
	}
	var user []sql.UserProperty
	for _, pair := range list {
		if len(pair) != 1 {
			return nil, fmt.Errorf("userProperties: an object has one member, not %d", len(pair))
		}
		for key, value := range pair {
			user = append(user, sql.UserProperty{Key: key, Value: value})
		}
	}
	return user, nil
}

// userPropertiesJSON is the reverse, before base64; nil without any.
func userPropertiesJSON(p *sql.Properties) ([]byte, error) {
	if p == nil || len(p.User) == 0 {
		return nil, nil
	}
	list := make([]map[string]string, len(p.User))
	for i, u := range p.User {
		list[i] = map[string]string{u.Key: u.Value}
	}
	return json.Marshal(list)
}

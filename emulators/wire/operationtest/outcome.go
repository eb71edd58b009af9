package operationtest

import (
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
)

// failed is the error of an answer that tells for each entry of a batch that it failed:
// the call has done nothing, whatever its status says. Entries of DynamoDB that are not
// processed are not looked at: they say nothing of the reason.
func failed(out any) error {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	v = v.Elem()
	successful := v.FieldByName("Successful")
	for i := range v.NumField() {
		list := v.Field(i)
		if list.Kind() != reflect.Slice || list.Len() == 0 {
			continue
		}
		var why []string
		for j := range list.Len() {
			if text := entryError(list.Index(j)); text != "" {
				why = append(why, text)
			}
		}
		all := len(why) == list.Len()
		if v.Type().Field(i).Name == "Failed" {
			all = !successful.IsValid() || successful.Len() == 0
		}
		if all {
			return &smithy.GenericAPIError{Code: "AllEntriesFailed", Message: strings.Join(why, "; ")}
		}
	}
	return nil
}

// entryError is the error of one entry: it is in members of the entry, or of its Error.
func entryError(entry reflect.Value) string {
	entry = reflect.Indirect(entry)
	if entry.Kind() != reflect.Struct {
		return ""
	}
	if e := entry.FieldByName("Error"); e.IsValid() && e.Kind() == reflect.Pointer && !e.IsNil() {
		return entryError(e)
	}
	text := func(name string) string {
		if v := entry.FieldByName(name); v.IsValid() {
			if v = reflect.Indirect(v); v.IsValid() && v.Kind() == reflect.String {
				return v.String()
			}
		}
		return ""
	}
	code := text("ErrorCode") + text("Code")
	if code == "" {
		return ""
	}
	return code + ": " + text("ErrorMessage") + text("Message")
}

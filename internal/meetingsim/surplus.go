package meetingsim

import (
	"encoding/json"
	"fmt"
	"strings"
)

// rewrite returns a response changed by f, or as it is if it isn't JSON.
func rewrite(body []byte, f func(any) any) []byte {
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber() // a float64 would change large timestamps
	var v any
	if err := decoder.Decode(&v); err != nil {
		return body
	}
	return marshal(f(v))
}

// embellish returns the response of a newer release of the service: objects have unknown fields,
// and fields that few clients read have other types. Everything documented about the other
// fields still holds.
func embellish(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = embellish(v[i])
		}
	case map[string]any:
		for key, field := range v {
			v[key] = otherType(key, embellish(field))
		}
		v["x-release"] = map[string]any{"ring": json.Number("12345678901234567890"), "notes": []any{nil, true, "§"}}
		v["serviceLevel"] = nil
	}
	return v
}

// otherType changes only fields that don't identify the meeting, its owner or its time.
func otherType(key string, v any) any {
	switch key {
	case "size", "recordType", "isAutoRecord", "multiStreamFlag", "daysPwdAvailable", "forceLoginInd":
		return fmt.Sprint(v)
	case "language", "deptName", "partAttendeeInfo", "mediaTypes", "accessNumber":
		return nil
	case "firstLogin", "pwdExpired", "hidePhone":
		return json.Number("0")
	case "role", "confMode":
		return []any{v}
	}
	return v
}

package meetingsim

import (
	"cmp"
	"slices"
	"strings"
)

// omittable are the fields that [FaultOmit] omits by default.
const omittable = "subConfs,state,attendees,flags"

// omit returns a decoded response without the named fields.
func omit(v any, fields string) any {
	var names []string
	for name := range strings.SplitSeq(cmp.Or(fields, omittable), ",") {
		switch name = strings.TrimSpace(name); name {
		case "state":
			names = append(names, "conferenceState")
		case "flags":
			names = append(names, "confConfigInfo")
		case "attendees":
			names = append(names, "size", "partAttendeeInfo")
			// In a meeting's detail, data is the list of invitees; in a list it is the rows.
			if detail, ok := v.(map[string]any); ok && detail["conferenceData"] != nil {
				delete(detail, "data")
			}
		default:
			names = append(names, name)
		}
	}
	return without(v, names)
}

// without removes fields at every depth.
func without(v any, names []string) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = without(v[i], names)
		}
	case map[string]any:
		for key, field := range v {
			if slices.Contains(names, key) {
				delete(v, key)
				continue
			}
			v[key] = without(field, names)
		}
	}
	return v
}

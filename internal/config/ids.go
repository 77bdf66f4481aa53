package config

import (
	"fmt"
	"slices"
	"strings"
)

// Everybody is the entry of [IDs] that means every id.
const Everybody = "*"

// IDs are Slack ids of one kind. The zero IDs, nil, means "not set".
type IDs []string

// UnmarshalText reads ids separated by commas. Spaces around an id, empty entries
// and duplicates do not matter. The result is never nil.
func (ids *IDs) UnmarshalText(text []byte) error {
	list := IDs{}
	for entry := range strings.SplitSeq(string(text), ",") {
		if entry = strings.TrimSpace(entry); entry != "" && !slices.Contains(list, entry) {
			list = append(list, entry)
		}
	}
	*ids = list
	return nil
}

// wrong says which of ids does not look like a Slack id that begins with one of
// the letters, or returns "". An IDs that is not nil was set: without an id
// in it, it would limit nothing or allow nobody by accident.
func (ids IDs) wrong(letters, kind string) string {
	if ids != nil && len(ids) == 0 {
		return "is set but contains no id"
	}
	for i, id := range ids {
		if id != Everybody && !isSlackID(id, letters) {
			return fmt.Sprintf("has an entry that is not a Slack %s id: number %d", kind, i+1)
		}
	}
	return ""
}

// isSlackID reports whether id is capital letters and digits after one of the
// first letters.
func isSlackID(id, letters string) bool {
	return len(id) > 1 && strings.ContainsRune(letters, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

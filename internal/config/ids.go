package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Everybody is the entry in [IDs] that matches every id.
const Everybody = "*"

// IDs are Slack ids of one kind. Nil means not set.
type IDs []string

// UnmarshalText parses ids separated by commas. It ignores spaces around an id, empty
// entries and duplicates. The result is never nil.
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

// problem says which of ids don't look like Slack ids that start with one of letters, or
// returns "". A list that is set but empty is a problem too: it would limit nothing,
// or allow nobody, by accident.
func (ids IDs) problem(letters, kind string) string {
	if ids != nil && len(ids) == 0 {
		return "is set but contains no id"
	}
	var wrong []string
	for i, id := range ids {
		if id != Everybody && !isSlackID(id, letters) {
			wrong = append(wrong, strconv.Itoa(i+1))
		}
	}
	switch last := len(wrong) - 1; {
	case last < 0:
		return ""
	case last == 0:
		return fmt.Sprintf("has an entry that is not a Slack %s id: number %s", kind, wrong[0])
	default:
		return fmt.Sprintf("has %d entries that are not Slack %s ids: numbers %s and %s", len(wrong), kind, strings.Join(wrong[:last], ", "), wrong[last])
	}
}

// isSlackID reports whether id starts with one of letters and has only capital letters
// and digits.
func isSlackID(id, letters string) bool {
	return len(id) > 1 && strings.ContainsRune(letters, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

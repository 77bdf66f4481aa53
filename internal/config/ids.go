package config

import (
	"fmt"
	"slices"
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

// problem says which of ids doesn't look like a Slack id that starts with one of letters,
// or returns "". A list that is set but empty is a problem too: it would limit nothing,
// or allow nobody, by accident.
func (ids IDs) problem(letters, kind string) string {
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

// isSlackID reports whether id starts with one of letters and has only capital letters
// and digits.
func isSlackID(id, letters string) bool {
	return len(id) > 1 && strings.ContainsRune(letters, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

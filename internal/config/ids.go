package config

import (
	"fmt"
	"slices"
	"strings"
)

// Everybody is the entry of [IDs] that stands for every id.
const Everybody = "*"

// IDs are Slack ids of one kind. The zero IDs hold none.
type IDs []string

// UnmarshalText reads ids with commas between them. Blanks around an id and
// empty entries do not matter, nor does a second mention.
func (ids *IDs) UnmarshalText(text []byte) error {
	var list IDs
	for entry := range strings.SplitSeq(string(text), ",") {
		if entry = strings.TrimSpace(entry); entry != "" && !slices.Contains(list, entry) {
			list = append(list, entry)
		}
	}
	*ids = list
	return nil
}

// wrong says which of ids has not the shape of a Slack id with one of the
// first letters, or returns "".
func (ids IDs) wrong(letters, kind string) string {
	for i, id := range ids {
		if id != Everybody && !isSlackID(id, letters) {
			return fmt.Sprintf("entry %d is no Slack %s id", i+1, kind)
		}
	}
	return ""
}

// isSlackID reports whether id is capital letters and digits after one of the
// first letters.
func isSlackID(id, letters string) bool {
	if len(id) < 2 || !strings.ContainsRune(letters, rune(id[0])) {
		return false
	}
	for _, c := range id {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

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

// ids checks a list that has been read, and drops the spaces around its ids, its empty
// entries and its duplicates.
func (l *loader) ids(name string, ids *IDs, letters, kind string) {
	var wrong []string
	list := IDs{}
	for i, id := range *ids {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		if id != Everybody && !isSlackID(id, letters) {
			wrong = append(wrong, strconv.Itoa(i+1))
		}
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	switch last := len(wrong) - 1; {
	case *ids == nil: // not set
		return
	case len(list) == 0: // it would limit nothing, or allow nobody, by accident
		l.fault(name, "is set but contains no id")
	case last == 0:
		l.fault(name, fmt.Sprintf("has an entry that is not a Slack %s id: number %s", kind, wrong[0]))
	case last > 0:
		l.fault(name, fmt.Sprintf("has %d entries that are not Slack %s ids: numbers %s and %s", len(wrong), kind, strings.Join(wrong[:last], ", "), wrong[last]))
	}
	*ids = list
}

// isSlackID reports whether id starts with one of letters and has only capital letters
// and digits.
func isSlackID(id, letters string) bool {
	return len(id) > 1 && strings.ContainsRune(letters, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

package command

import "strings"

// linkAt returns the length of the web address at i, or 0.
func linkAt(r []rune, i int) int {
	if i > 0 && isLetter(r[i-1]) || match(r[i:], "http://") == 0 && match(r[i:], "https://") == 0 {
		return 0
	}
	n := i
	for n < len(r) && !endsLink(r[n]) {
		n++
	}
	return n - i
}

// endsLink reports whether r cannot stand in a web address as people paste it.
func endsLink(r rune) bool {
	return isBlank(r) || isIdeograph(r) || strings.ContainsRune(`<>|"',;(){}`, r)
}

// linkNumber returns the meeting number of a join link, or "". Huawei's have
// forms like /#/j/914087436, /#/j/914087436/<token> and ?id=914087436; hosts
// differ from site to site and are not looked at.
func linkNumber(link string) string {
	pieces := strings.FieldsFunc(link, func(r rune) bool { return strings.ContainsRune("/?&#", r) })
	for i, piece := range pieces {
		value := strings.TrimRight(piece, ".!:*`")
		if key, after, ok := strings.Cut(value, "="); ok {
			if !isNumberKey(strings.TrimPrefix(key, "amp;")) {
				continue
			}
			value = after
		} else if i == 0 || !isNumberFolder(pieces[i-1]) {
			continue
		}
		if complete(value) {
			return value
		}
	}
	return ""
}

func isNumberKey(key string) bool {
	switch strings.NewReplacer("_", "", "-", "").Replace(key) {
	case "id", "confid", "conferenceid", "meetingid", "meetingno", "confno", "vmrid":
		return true
	}
	return false
}

func isNumberFolder(folder string) bool {
	switch folder {
	case "j", "join", "meeting", "meetings", "conference", "conf", "m":
		return true
	}
	return false
}

// complete reports whether s is digits only, as many as a meeting number has.
func complete(s string) bool {
	return minDigits <= len(s) && len(s) <= maxDigits && strings.Trim(s, "0123456789") == ""
}

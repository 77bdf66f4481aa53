package command

import (
	"net/url"
	"slices"
	"strings"

	"meetingbot/internal/command/shape"
)

// linkAt returns the length of the web address at i, or 0.
func linkAt(r []rune, i int) int {
	if i > 0 && shape.IsLetter(r[i-1]) || shape.Word(r[i:], "http://") == 0 && shape.Word(r[i:], "https://") == 0 {
		return 0
	}
	n := i
	for n < len(r) && !endsLink(r[n]) {
		n++
	}
	return n - i
}

// endsLink reports whether r can't occur in a web address as people paste it.
func endsLink(r rune) bool {
	return shape.IsBlank(r) || shape.IsIdeograph(r) || strings.ContainsRune(`<>|"',;(){}`, r)
}

// linkNumber returns the meeting number of a join link, or "". Huawei's links look like
// /#/j/914087436, /#/j/914087436/<token> and ?id=914087436; the host differs between
// sites and is ignored. Mail gateways wrap links in their own.
func linkNumber(link string) string {
	pieces := strings.FieldsFunc(unescaped(link), func(r rune) bool { return strings.ContainsRune("/?&#", r) })
	for i, piece := range pieces {
		value := strings.TrimRight(piece, ".!:*`_")
		if key, after, ok := strings.Cut(value, "="); ok {
			key = strings.NewReplacer("_", "", "-", "").Replace(strings.TrimPrefix(key, "amp;"))
			if !slices.Contains(numberKeys, key) {
				continue
			}
			value = after
		} else if i == 0 || !slices.Contains(numberFolders, pieces[i-1]) {
			continue
		}
		if complete(value) {
			return value
		}
	}
	return ""
}

// unescaped undoes the escaping of the gateway links that link is wrapped in.
func unescaped(link string) string {
	const gateways = 3
	for range gateways {
		inner, err := url.PathUnescape(link)
		if err != nil {
			break
		}
		link = inner
	}
	return link
}

// The keys and path segments that precede the number in a join link.
var (
	numberKeys    = []string{"id", "confid", "conferenceid", "meetingid", "meetingno", "confno", "vmrid"}
	numberFolders = []string{"j", "join", "meeting", "meetings", "conference", "conf", "m"}
)

// complete reports whether s is all digits, and as many as a meeting number has.
func complete(s string) bool {
	return minDigits <= len(s) && len(s) <= maxDigits && strings.Trim(s, "0123456789") == ""
}

// telAt returns the displayed text of the telephone link at i, which Slack makes out of
// any digits, and the length of its markup, or 0. The text starts with a + if the number
// to dial does: then it isn't a meeting number, however it is displayed.
func telAt(r []rune, i int) (shown []rune, length int) {
	length = markup(r, i)
	if length == 0 || shape.Word(r[i+1:], "tel:") == 0 {
		return nil, 0
	}
	inner := r[i+len("<tel:") : i+length-1]
	bar := slices.Index(inner, '|')
	if bar < 0 {
		return inner, length
	}
	shown = inner[bar+1:]
	if inner[0] == '+' && !slices.Contains(shown, '+') {
		shown = slices.Concat([]rune{'+'}, shown)
	}
	return shown, length
}

// shownDigits returns r with telephone links replaced by their displayed text, which is
// what was typed. Whole numbers stay separate from the digits around them.
func shownDigits(r []rune) []rune {
	var out []rune
	for i := 0; i < len(r); {
		if shown, n := telAt(r, i); n > 0 {
			if typed := readTyped(shown); len(typed.numbers) == 1 && shape.Date(shown, 0) == 0 {
				shown = slices.Concat([]rune{','}, shown, []rune{','})
			}
			out, i = append(out, shown...), i+n
			continue
		}
		out, i = append(out, r[i]), i+1
	}
	return out
}

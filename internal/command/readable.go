package command

import (
	"regexp"
	"strings"
)

// escaped is what Slack turns people, channels, links and addresses in a command
// into.
var escaped = regexp.MustCompile(`<(?:([@#])[A-Z0-9]+\|([^<>|]*)|(?:mailto:|tel:|https?://)[^<>|]*\|([^<>|]*)|(https?://[^<>|]*))>`)

// entities undoes the three characters that Slack escapes.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Readable returns a text as somebody typed it, undoing what Slack made of it: names
// of people instead of ids, links without brackets, and the three characters that
// Slack escapes. Anything that isn't Slack's markup stays as it is.
func Readable(s string) string {
	return entities.Replace(escaped.ReplaceAllString(s, "$1$2$3$4"))
}

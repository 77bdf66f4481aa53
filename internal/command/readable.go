package command

import (
	"regexp"
	"strings"
)

// escaped matches Slack's markup for people, channels, links and addresses in a command.
var escaped = regexp.MustCompile(`<(?:([@#])[A-Z0-9]+\|([^<>|]*)|(?:mailto:|tel:|https?://)[^<>|]*\|([^<>|]*)|(https?://[^<>|]*))>`)

// entities unescapes the three characters that Slack escapes.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Readable returns s as it was typed, undoing what Slack made of it: it restores the
// names of people, removes the brackets around links, and unescapes the three characters
// that Slack escapes. Everything else stays unchanged.
func Readable(s string) string {
	return entities.Replace(escaped.ReplaceAllString(s, "$1$2$3$4"))
}

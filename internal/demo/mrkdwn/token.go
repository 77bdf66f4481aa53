package mrkdwn

import (
	"strconv"
	"strings"
	"time"
)

// token parses the inside of <…>.
func (r Reader) token(inside string) Span {
	body, label, labelled := strings.Cut(inside, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(body, "@"):
		return Span{Kind: Mention, Text: "@" + r.name(body[1:])}
	case strings.HasPrefix(body, "#"):
		return Span{Kind: Mention, Text: "#" + r.name(body[1:])}
	case strings.HasPrefix(body, "!subteam^"):
		return Span{Kind: Mention, Text: "@" + r.name(strings.TrimPrefix(body, "!subteam^"))}
	case strings.HasPrefix(body, "!date^"):
		return Span{Kind: Date, Text: r.dateToken(body, label)}
	case strings.HasPrefix(body, "!"):
		return Span{Kind: Mention, Text: "@" + body[1:]}
	}
	url := unescape(body)
	if !labelled {
		label = strings.TrimPrefix(url, "mailto:")
	}
	if !isFollowable(url) {
		return Span{Kind: Plain, Text: label}
	}
	return Span{Kind: Link, Text: label, URL: url}
}

// isFollowable reports whether url is safe to link to.
func isFollowable(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "mailto:")
}

func (r Reader) name(id string) string {
	if r.Name == nil {
		return id
	}
	return r.Name(id)
}

// dateToken formats !date^unix^format^link, or returns the fallback if it is malformed.
//
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
func (r Reader) dateToken(body, fallback string) string {
	parts := strings.Split(body, "^")
	if len(parts) < 3 {
		return fallback
	}
	unix, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	return r.date(time.Unix(unix, 0), parts[2])
}

package mrkdwn

import "strings"

// A Kind is the kind of a [Span].
type Kind string

// The kinds of span. Bold, Italic, Strike and Quote contain spans; the others contain text.
const (
	Plain   Kind = "plain" // may contain line breaks
	Bold    Kind = "bold"
	Italic  Kind = "italic"
	Strike  Kind = "strike"
	Quote   Kind = "quote"
	Code    Kind = "code"
	Block   Kind = "block"   // code on its own lines
	Link    Kind = "link"    // with a URL
	Mention Kind = "mention" // of a person, a group or a channel, with its @ or #
	Date    Kind = "date"
)

// A Span is a piece of text with one style.
type Span struct {
	Kind   Kind
	Text   string // escapes resolved
	URL    string // of Link; http, https or mailto
	Inside []Span
}

// Text returns the text of all spans, without styling.
func Text(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		b.WriteString(Text(s.Inside))
	}
	return b.String()
}

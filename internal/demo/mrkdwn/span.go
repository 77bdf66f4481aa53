package mrkdwn

import "strings"

// A Kind says what a [Span] is.
type Kind string

// The kinds of span. Bold, Italic, Strike and Quote have spans inside; the
// others have a text.
const (
	Plain   Kind = "plain" // may hold line ends
	Bold    Kind = "bold"
	Italic  Kind = "italic"
	Strike  Kind = "strike"
	Quote   Kind = "quote"
	Code    Kind = "code"
	Block   Kind = "block"   // code on lines of its own
	Link    Kind = "link"    // with a URL
	Mention Kind = "mention" // of a person, a group or a channel, with its sign
	Date    Kind = "date"
)

// A Span is a piece of text that looks one way.
type Span struct {
	Kind   Kind
	Text   string // escapes resolved
	URL    string // of Link; http, https or mailto
	Inside []Span
}

// Text is all that spans say, without how it looks.
func Text(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		b.WriteString(Text(s.Inside))
	}
	return b.String()
}

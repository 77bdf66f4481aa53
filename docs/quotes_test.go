package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestQuotes demands that the program says what docs/troubleshooting.md quotes, so that
// people who search the page for what they see find it.
func TestQuotes(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	said.WriteString("address already in use") // the operating system's words
	said.WriteString(regexp.MustCompile(`{{[^}]*}}`).ReplaceAllString(read(t, "handlers/view/words/active.en.toml"), "…"))
	eachFile(t, func(path, text string) {
		if !strings.HasSuffix(path, "_test.go") {
			said.WriteString(text)
		}
	}, ".go")
	page := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(read(t, "docs/troubleshooting.md"), "")
	quotes := regexp.MustCompile(`"([^"\n]+)"`).FindAllStringSubmatch(page, -1)
	if len(quotes) < 40 {
		t.Errorf("found %d quotes in docs/troubleshooting.md, want all of them", len(quotes))
	}
	// A variable's name at the beginning, and what stands for "…", is inserted.
	inserted := regexp.MustCompile(`^[A-Z]+_[A-Z]+\b|…|→`)
	for _, q := range quotes {
		for _, part := range inserted.Split(q[1], -1) {
			if !strings.Contains(said.String(), strings.TrimSpace(part)) {
				t.Errorf("docs/troubleshooting.md quotes %q, but the program says %q nowhere", q[1], part)
			}
		}
	}
}

// TestDrawing demands that the drawing at the top of README.md has the words of today's cards.
func TestDrawing(t *testing.T) {
	t.Parallel()
	drawing, _, _ := strings.Cut(read(t, "README.md"), "Screenshots of every card")
	drawing = strings.Join(strings.Fields(strings.ReplaceAll(drawing, "│", "")), " ")
	words := read(t, "handlers/view/words/active.en.toml")
	for _, phrase := range []string{
		"Cancel this meeting?", "Scheduled, not started", "If you cancel it, it's gone for everyone who was invited. It can't be restored.",
		"people are invited; the meeting service will notify them.", "Tell the invited people in Slack", "Cancel meeting", "Keep meeting", "Add a reason…",
		"Meeting cancelled", "It was scheduled for", "was told in a direct message.", "Your meeting was cancelled", "To book it again", "Open the conversation in Slack",
	} {
		if !strings.Contains(drawing, phrase) || !strings.Contains(words, phrase) {
			t.Errorf("%q is not both in README.md's drawing and in the words", phrase)
		}
	}
}

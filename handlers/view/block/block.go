package block

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

// Slack's limits, in characters. See https://docs.slack.dev/reference/block-kit/blocks
const (
	MaxField  = 2000
	MaxHeader = 150
	MaxLabel  = 75 // of a button, an option, its description, an accessibility label
)

// Mrkdwn returns text with Slack's markup. External text in it must have gone through Escape.
// Slack turns nothing else in it into a link or a mention.
func Mrkdwn(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: text, Verbatim: true}
}

// PlainText returns text without markup, cut to limit characters.
func PlainText(text string, limit int) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: Plain(text, limit), Emoji: new(false)}
}

// Header returns a title without markup.
func Header(text string) slack.Block {
	return slack.NewHeaderBlock(PlainText(text, MaxHeader))
}

// Section returns one paragraph of the non-empty sentences, or nil if there are none.
func Section(sentences ...string) slack.Block {
	text := Join("\n", sentences...)
	if text == "" {
		return nil
	}
	return slack.NewSectionBlock(Mrkdwn(text), nil, nil)
}

// Row returns a paragraph with a button next to it.
func Row(text string, b *slack.ButtonBlockElement, options ...slack.SectionBlockOption) slack.Block {
	return slack.NewSectionBlock(Mrkdwn(text), nil, slack.NewAccessory(b), options...)
}

// Small returns one line of small print, or nil if all parts are empty.
func Small(parts ...string) slack.Block {
	text := Join(" · ", parts...)
	if text == "" {
		return nil
	}
	return slack.NewContextBlock("", Mrkdwn(text))
}

// Join joins the non-empty texts with sep.
func Join(sep string, texts ...string) string {
	kept := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	return strings.Join(kept, sep)
}

// Flow joins the non-empty sentences with spaces, except after Chinese full-width punctuation.
func Flow(sentences ...string) string {
	var text string
	for _, s := range sentences {
		if last, _ := utf8.DecodeLastRuneInString(text); s != "" && text != "" && !strings.ContainsRune("。！？：；", last) {
			text += " "
		}
		text += s
	}
	return text
}

// Stack returns the blocks that are not nil.
func Stack(blocks ...slack.Block) []slack.Block {
	kept := make([]slack.Block, 0, len(blocks))
	for _, b := range blocks {
		if b != nil {
			kept = append(kept, b)
		}
	}
	return kept
}

// Button returns a button for a request. Its value is the request's id and nothing else.
func Button(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, string(of), PlainText(text, MaxLabel))
}

// Danger returns a button that leads to a meeting being cancelled.
func Danger(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return Button(of, action, text).WithStyle(slack.StyleDanger)
}

// Buttons returns a row of buttons.
func Buttons(row ...slack.BlockElement) slack.Block {
	return slack.NewActionBlock("", row...)
}

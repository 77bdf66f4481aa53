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

// Marked is text with Slack's markup. Foreign parts must have gone through Foreign.
// Nothing else in it becomes a link or a mention by itself.
func Marked(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: text, Verbatim: true}
}

// Unmarked is text without any markup, cut to limit characters.
func Unmarked(text string, limit int) *slack.TextBlockObject {
	no := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: Plain(text, limit), Emoji: &no}
}

// Header is a title without markup.
func Header(text string) slack.Block {
	return slack.NewHeaderBlock(Unmarked(text, MaxHeader))
}

// Section is one paragraph of the non-empty sentences, or nil if there are none.
func Section(sentences ...string) slack.Block {
	text := Join("\n", sentences...)
	if text == "" {
		return nil
	}
	return slack.NewSectionBlock(Marked(text), nil, nil)
}

// Row is a paragraph with a button beside it.
func Row(text string, b *slack.ButtonBlockElement, options ...slack.SectionBlockOption) slack.Block {
	return slack.NewSectionBlock(Marked(text), nil, slack.NewAccessory(b), options...)
}

// Small is one line of small print, or nil if there is nothing to say.
func Small(parts ...string) slack.Block {
	text := Join(" · ", parts...)
	if text == "" {
		return nil
	}
	return slack.NewContextBlock("", Marked(text))
}

// Join joins the non-empty texts with sep.
func Join(sep string, texts ...string) string {
	kept := slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	return strings.Join(kept, sep)
}

// Flow puts sentences one after another, separated by a space, except after the
// full-width full stop or colon of Chinese.
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

// Stack is the blocks that are not nil.
func Stack(blocks ...slack.Block) []slack.Block {
	kept := make([]slack.Block, 0, len(blocks))
	for _, b := range blocks {
		if b != nil {
			kept = append(kept, b)
		}
	}
	return kept
}

// Button is a button of a request. Its value is the request's id and nothing else.
func Button(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, string(of), Unmarked(text, MaxLabel))
}

// Danger is a button that leads to a meeting being cancelled.
func Danger(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return Button(of, action, text).WithStyle(slack.StyleDanger)
}

// Buttons is a row of buttons.
func Buttons(row ...slack.BlockElement) slack.Block {
	return slack.NewActionBlock("", row...)
}

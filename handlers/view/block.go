package view

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

// Slack's limits, in characters. See https://docs.slack.dev/reference/block-kit/blocks
const (
	maxField  = 2000
	maxHeader = 150
	maxLabel  = 75 // of a button, an option, its description, an accessibility label
)

// marked is text with Slack's markup. Foreign parts must have gone through foreign.
// Nothing else in it becomes a link or a mention by itself.
func marked(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: text, Verbatim: true}
}

// unmarked is text without any markup, cut to limit characters.
func unmarked(text string, limit int) *slack.TextBlockObject {
	no := false
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: plain(text, limit), Emoji: &no}
}

func header(text string) slack.Block {
	return slack.NewHeaderBlock(unmarked(text, maxHeader))
}

// section is one paragraph of the non-empty sentences.
func section(sentences ...string) slack.Block {
	return slack.NewSectionBlock(marked(join("\n", sentences...)), nil, nil)
}

// small is one line of small print, or nil if there is nothing to say.
func small(parts ...string) slack.Block {
	text := join(" · ", parts...)
	if text == "" {
		return nil
	}
	return slack.NewContextBlock("", marked(text))
}

// join joins the non-empty texts with sep.
func join(sep string, texts ...string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, sep)
}

// flow puts sentences one after another, separated by a space, except after the
// full-width full stop or colon of Chinese.
func flow(sentences ...string) string {
	var text string
	for _, s := range sentences {
		if last, _ := utf8.DecodeLastRuneInString(text); s != "" && text != "" && !strings.ContainsRune("。！？：；", last) {
			text += " "
		}
		text += s
	}
	return text
}

// stack is the blocks that are not nil.
func stack(blocks ...slack.Block) []slack.Block {
	kept := make([]slack.Block, 0, len(blocks))
	for _, b := range blocks {
		if b != nil {
			kept = append(kept, b)
		}
	}
	return kept
}

// button is a button of a request. Its value is the request's id and nothing else.
func button(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, string(of), unmarked(text, maxLabel))
}

// danger is a button that leads to a meeting being cancelled.
func danger(of cancellation.ID, action, text string) *slack.ButtonBlockElement {
	return button(of, action, text).WithStyle(slack.StyleDanger)
}

// buttons is a row of buttons.
func buttons(row ...slack.BlockElement) slack.Block {
	return slack.NewActionBlock("", row...)
}

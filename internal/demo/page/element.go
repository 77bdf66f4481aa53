package page

import (
	"net/url"
	"slices"
	"strings"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// An element is a button, a menu, an input or a piece of text.
type element struct {
	slacksim.Element
	Block block
	ID    string // of the HTML element
}

// Own returns the text of an element that is just text or a picture.
func (e element) Own() []mrkdwn.Span {
	text := slacksim.Text{Type: e.Type, Text: e.AltText}
	if e.Text != nil {
		text.Text = e.Text.Text
	}
	return e.Block.Say(text)
}

// Say parses a text object according to its type.
func (e element) Say(t slacksim.Text) []mrkdwn.Span { return e.Block.Say(t) }

// Plain returns a text object's text without styling.
func (e element) Plain(t slacksim.Text) string { return mrkdwn.Text(e.Block.Say(t)) }

// Press returns what the button sends.
func (e element) Press() string {
	return url.Values{"ts": {e.Block.in.ref.TS}, "view": {e.Block.in.view}, "block": {e.Block.BlockID}, "action": {e.ActionID}, "value": {e.Value}}.Encode()
}

// Name returns the name of its form field.
func (e element) Name() string { return fieldName(e.Block.BlockID, e.ActionID) }

func fieldName(block, action string) string {
	return "field " + url.Values{"block": {block}, "action": {action}}.Encode()
}

// Label returns the element's name, or else its block's.
func (e element) Label() string {
	for _, t := range []*slacksim.Text{e.Text, e.Block.Label, e.Placeholder} {
		if t != nil {
			return mrkdwn.Text(e.Block.Say(*t))
		}
	}
	return e.Type
}

// Above returns the text above checkboxes without a name. It names them for screen readers;
// everyone else has just read it.
func (e element) Above() string {
	if e.Type != "checkboxes" || e.Block.Label != nil || e.Block.above == nil {
		return ""
	}
	return mrkdwn.Text(e.Block.Say(*e.Block.above))
}

// Chosen reports whether the viewer has chosen the option.
func (e element) Chosen(o slacksim.Option) bool {
	return slices.Contains(e.Block.in.Chosen(e.Block.BlockID, e.ActionID), o.Value)
}

// Now returns the current value of an input without options.
func (e element) Now() string {
	return strings.Join(e.Block.in.Chosen(e.Block.BlockID, e.ActionID), "")
}

// People returns the people that a user menu offers.
func (e element) People() []stage.Person { return stage.People() }

package demo

import (
	"fmt"
	"strings"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/slacksim"
)

// A control is something a person can press, fill or tick. Each box of a group is a
// control.
type control struct {
	kind     string // of Block Kit: "button", "static_select", …; submit and shut are a modal's own buttons
	name     string
	blockID  string
	actionID string
	value    string // of a button or a box
	options  []slacksim.Option
	chosen   []string // its current values, or what is ticked in the box's group
}

// The two buttons that every modal has.
const (
	submit = "submit"
	shut   = "close"
)

// A sheet is a message or a modal as lines of text. Its controls are numbered from 1
// in reading order, buttons first, so that 1 is always the first button.
type sheet struct {
	lines    []string
	controls []control

	as     string // what a typed line has to begin with
	read   mrkdwn.Reader
	chosen func(blockID, actionID string) []string
	above  *slacksim.Text // the last section's text; it names checkboxes that have no label
	fields int            // number of the last menu or input
	press  int            // number of the last button
}

// newSheet renders blocks as a person reads them, with their current values. A modal's own
// buttons come last.
func newSheet(as string, read mrkdwn.Reader, l slacksim.Layout, ownButtons ...control) *sheet {
	s := &sheet{as: as, read: read, chosen: l.Chosen}
	var buttons, fields []control
	for _, b := range l.Blocks {
		s.pass(b)
		for _, e := range b.Interactive() {
			c := control{kind: e.Type, name: s.text(s.nameOf(b, e)), blockID: b.BlockID, actionID: e.ActionID, value: e.Value}
			if e.Type == "button" {
				buttons = append(buttons, c)
				continue
			}
			c.options, c.chosen = e.AllOptions(), l.Chosen(b.BlockID, e.ActionID)
			if e.Type == boxes {
				fields = append(fields, s.eachBox(c)...)
			} else {
				fields = append(fields, c)
			}
		}
	}
	s.controls = append(append(buttons, ownButtons...), fields...)
	s.fields = len(buttons) + len(ownButtons)
	for _, b := range l.Blocks {
		s.block(b)
	}
	var row []string
	for _, c := range ownButtons {
		s.press++
		row = append(row, fmt.Sprintf("[%d] %s", s.press, c.name))
	}
	s.add(strings.Join(row, "   "))
	return s
}

// pass remembers b's text if it names the checkboxes below.
func (s *sheet) pass(b slacksim.Block) {
	if b.Type == "section" && b.Text != nil {
		s.above = b.Text
	}
}

// nameOf returns an element's name: its own, its block's, or the text of the section above.
func (s *sheet) nameOf(b slacksim.Block, e slacksim.Element) slacksim.Text {
	own := []*slacksim.Text{e.Text, b.Label, e.Placeholder}
	if e.Type == boxes {
		own = append(own, s.above)
	}
	for _, t := range own {
		if t != nil {
			return *t
		}
	}
	return slacksim.Text{Text: e.Type}
}

func (s *sheet) text(t slacksim.Text) string {
	if t.Type != "mrkdwn" {
		return t.Text
	}
	return mrkdwn.Text(spaced(s.read.Read(t.Text)))
}

// spaced puts space after code at the beginning of a line. The bot's help has a command
// there, followed by what it does; in Slack the typeface separates them.
func spaced(spans []mrkdwn.Span) []mrkdwn.Span {
	for i, span := range spans {
		begins := i == 0 || strings.HasSuffix(spans[i-1].Text, "\n")
		if begins && span.Kind == mrkdwn.Code && i+1 < len(spans) && strings.HasPrefix(spans[i+1].Text, " ") {
			spans[i+1].Text = "   " + spans[i+1].Text
		}
	}
	return spans
}

// add appends the lines of text; empty text adds nothing.
func (s *sheet) add(text string) {
	if text != "" {
		s.lines = append(s.lines, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	}
}

func (s *sheet) block(b slacksim.Block) {
	s.pass(b)
	if b.Type == "divider" {
		s.add("---")
	}
	for _, t := range []*slacksim.Text{b.Title, b.Text} {
		if t != nil {
			s.add(s.text(*t))
		}
	}
	for _, f := range b.Fields {
		s.add(strings.Replace(s.text(f), "\n", ": ", 1))
	}
	var row []string
	for _, e := range b.Elements {
		switch {
		case b.Type == "actions" && e.Type != "button":
			s.field(b, e)
		case e.Type == "button":
			row = append(row, s.button(b, e))
		case e.Text != nil:
			row = append(row, s.text(slacksim.Text{Type: e.Type, Text: e.Text.Text}))
		}
	}
	s.add(strings.Join(row, "   "))
	for _, e := range []*slacksim.Element{b.Accessory, b.Element} {
		switch {
		case e == nil:
		case e.Type == "button":
			s.add(s.button(b, *e))
		case e.Type != "image":
			s.field(b, *e)
		}
	}
	if b.Hint != nil {
		s.add(s.text(*b.Hint))
	}
}

func (s *sheet) button(b slacksim.Block, e slacksim.Element) string {
	s.press++
	return fmt.Sprintf("[%d] %s", s.press, s.text(s.nameOf(b, e)))
}

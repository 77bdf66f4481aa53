package demo

import (
	"fmt"
	"strings"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/slacksim"
)

// A control is what a person can press or fill.
type control struct {
	kind     string // of Block Kit: "button", "static_select", …; submit and shut are a modal's own
	name     string
	blockID  string
	actionID string
	value    string
	options  []slacksim.Option
}

// The two buttons that every modal has.
const (
	submit = "submit"
	shut   = "close"
)

// A sheet is a message or a modal as lines of text. Its controls are numbered
// from 1 in reading order, the buttons first: so 1 is always the first button.
type sheet struct {
	lines    []string
	controls []control

	read   mrkdwn.Reader
	fields int // number of the last menu or input
	press  int // number of the last button
}

// newSheet writes blocks, below an optional title.
func newSheet(read mrkdwn.Reader, blocks []slacksim.Block, ownButtons ...control) *sheet {
	s := &sheet{read: read}
	var buttons, fields []control
	for _, b := range blocks {
		for _, e := range usable(b) {
			c := control{kind: e.Type, name: s.text(nameOf(b, e)), blockID: b.BlockID, actionID: e.ActionID, value: e.Value, options: options(e)}
			if e.Type == "button" {
				buttons = append(buttons, c)
			} else {
				fields = append(fields, c)
			}
		}
	}
	s.controls = append(append(buttons, ownButtons...), fields...)
	s.fields = len(buttons) + len(ownButtons)
	for _, b := range blocks {
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

// usable are the elements of a block that a person can press or fill.
func usable(b slacksim.Block) []slacksim.Element {
	var all []slacksim.Element
	if b.Type == "actions" {
		all = append(all, b.Elements...)
	}
	if b.Accessory != nil && b.Accessory.Type != "image" {
		all = append(all, *b.Accessory)
	}
	if b.Element != nil {
		all = append(all, *b.Element)
	}
	return all
}

// nameOf is what an element is called: by itself, or by the block around it.
func nameOf(b slacksim.Block, e slacksim.Element) slacksim.Text {
	for _, t := range []*slacksim.Text{e.Text, b.Label, e.Placeholder} {
		if t != nil {
			return *t
		}
	}
	return slacksim.Text{Text: e.Type}
}

func options(e slacksim.Element) []slacksim.Option {
	all := e.Options
	for _, g := range e.OptionGroups {
		all = append(all[:len(all):len(all)], g.Options...)
	}
	return all
}

func (s *sheet) text(t slacksim.Text) string {
	if t.Type == "mrkdwn" {
		return mrkdwn.Text(s.read.Read(t.Text))
	}
	return t.Text
}

// add writes text, a line for each of its own; an empty one writes nothing.
func (s *sheet) add(text string) {
	if text != "" {
		s.lines = append(s.lines, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	}
}

func (s *sheet) block(b slacksim.Block) {
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
	return fmt.Sprintf("[%d] %s", s.press, s.text(nameOf(b, e)))
}

// field writes a menu or an input and how to fill it.
func (s *sheet) field(b slacksim.Block, e slacksim.Element) {
	s.fields++
	name := s.text(nameOf(b, e))
	all := options(e)
	if len(all) == 0 {
		s.add(fmt.Sprintf("[%d] %s (type: %d your text)", s.fields, name, s.fields))
		return
	}
	how := fmt.Sprintf("%d 1", s.fields)
	if many(e.Type) {
		how = fmt.Sprintf("%d 1,2 for two of them", s.fields)
	}
	s.add(fmt.Sprintf("[%d] %s (type: %s)", s.fields, name, how))
	for i, o := range all {
		s.add(fmt.Sprintf("    %d  %s", i+1, s.text(o.Text)))
	}
}

// many reports whether several options may be chosen.
func many(kind string) bool { return kind == "multi_static_select" || kind == "checkboxes" }

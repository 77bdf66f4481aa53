package demo

import (
	"fmt"
	"slices"
	"strings"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// The kinds of elements that have their own input format.
const (
	boxes  = "checkboxes"
	person = "users_select"
	day    = "datepicker"
	hour   = "timepicker"
)

// eachBox splits a group of boxes into one control per box.
func (s *sheet) eachBox(group control) []control {
	all := make([]control, 0, len(group.options))
	for _, o := range group.options {
		box := group
		box.name, box.value = s.text(o.Text), o.Value
		all = append(all, box)
	}
	return all
}

// field writes a menu, an input or boxes, and how to fill them in.
func (s *sheet) field(b slacksim.Block, e slacksim.Element) {
	name, chosen := s.text(s.nameOf(b, e)), s.chosen(b.BlockID, e.ActionID)
	if e.Type == boxes {
		if b.Label != nil {
			s.add(name)
		}
		for i, o := range e.AllOptions() {
			s.box(o, slices.Contains(chosen, o.Value), i == 0)
		}
		return
	}
	s.fields++
	all := e.AllOptions()
	if len(all) == 0 {
		s.add(fmt.Sprintf("[%d] %s%s (type: %s%d %s)", s.fields, name, currentValue(e.Type, chosen), s.as, s.fields, example(e.Type)))
		return
	}
	how := fmt.Sprintf("%d 1", s.fields)
	if isMulti(e.Type) {
		how = fmt.Sprintf("%d 1,2 for two of them", s.fields)
	}
	s.add(fmt.Sprintf("[%d] %s (type: %s%s)", s.fields, name, s.as, how))
	for i, o := range all {
		mark := " "
		if slices.Contains(chosen, o.Value) {
			mark = "•"
		}
		s.add(fmt.Sprintf("  %s %d  %s", mark, i+1, s.option(o)))
	}
}

// box writes a box, and for the first one of a group how to tick or untick it.
func (s *sheet) box(o slacksim.Option, on, first bool) {
	s.fields++
	mark, verb, how := " ", "tick", ""
	if on {
		mark, verb = "x", "untick"
	}
	if first {
		how = fmt.Sprintf(" (type: %s%s %d)", s.as, verb, s.fields)
	}
	s.add(fmt.Sprintf("[%d] [%s] %s%s", s.fields, mark, s.option(o), how))
}

// option returns an option's text and description.
func (s *sheet) option(o slacksim.Option) string {
	text := s.text(o.Text)
	if o.Description != nil {
		text += " (" + s.text(*o.Description) + ")"
	}
	return text
}

// isMulti reports whether several options can be chosen.
func isMulti(kind string) bool { return kind == "multi_static_select" }

// example returns an example of what to type into an input of this kind.
func example(kind string) string {
	switch kind {
	case person:
		return "@bob"
	case day:
		return "2026-12-31"
	case hour:
		return "09:30"
	}
	return "your text"
}

// currentValue returns an input's current value, formatted for people.
func currentValue(kind string, chosen []string) string {
	text := strings.Join(chosen, ", ")
	if p, known := stage.Find(text); known && kind == person {
		text = handle(p)
	}
	if text == "" {
		return ""
	}
	return ": " + text
}

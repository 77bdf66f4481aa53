package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// fill enters the text typed after a number into that menu or input.
func (h *actor) fill(who string, s item, c control, text string) (*slacksim.Action, error) {
	values := []string{text}
	var err error
	switch {
	case c.kind == "button" || c.kind == submit || c.kind == shut:
		return nil, fmt.Errorf("“%s” is a button: type its number alone", c.name)
	case c.kind == boxes:
		return nil, fmt.Errorf("“%s” is a box: type tick or untick and its number", c.name)
	case c.kind == person:
		p, known := stage.Find(strings.TrimPrefix(text, "@"))
		if !known {
			return nil, fmt.Errorf("there is nobody called %q here; the people are %s", text, names())
		}
		values = []string{p.ID}
	case c.kind == day:
		_, err = time.Parse(time.DateOnly, text)
	case c.kind == hour:
		_, err = time.Parse("15:04", text)
	case len(c.options) > 0:
		values, err = c.choose(text)
		if err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("“%s” takes something like %s, not %q", c.name, example(c.kind), text)
	}
	return h.choose(who, s, c, values)
}

// choose sets a control's values.
func (h *actor) choose(who string, s item, c control, values []string) (*slacksim.Action, error) {
	if s.view != "" {
		return h.Slack.SelectView(who, s.view, c.blockID, c.actionID, values...)
	}
	return h.Slack.Select(who, s.ref, c.blockID, c.actionID, values...)
}

// choose parses option numbers separated by commas.
func (c control) choose(text string) ([]string, error) {
	var values []string
	for word := range strings.FieldsFuncSeq(text, isGap) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > len(c.options) {
			return nil, fmt.Errorf("“%s” has no option %q: there are 1 to %d", c.name, word, len(c.options))
		}
		values = append(values, c.options[n-1].Value)
	}
	if len(values) > 1 && !isMulti(c.kind) {
		return nil, fmt.Errorf("“%s” takes one option", c.name)
	}
	return values, nil
}

// tick ticks or unticks boxes. The boxes of a group change together, because Slack sends
// their values together.
func (h *actor) tick(a *act, s item, wanted []control, on bool) (*act, error) {
	state := "not ticked"
	if on {
		state = "ticked"
	}
	for _, c := range wanted {
		switch {
		case c.kind != boxes:
			return nil, fmt.Errorf("“%s” is not a box", c.name)
		case slices.Contains(c.chosen, c.value) == on:
			return nil, fmt.Errorf("“%s” is %s already", c.name, state)
		}
	}
	for i, c := range wanted {
		if slices.ContainsFunc(wanted[:i], c.sameGroup) {
			continue // handled with the first of its group
		}
		var err error
		if a, err = a.with(h.choose(a.who, s, c, c.after(wanted, on))); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// sameGroup reports whether the other box is in the same group.
func (c control) sameGroup(other control) bool {
	return other.blockID == c.blockID && other.actionID == c.actionID
}

// after returns which boxes of the group are ticked after the change, in the order of the
// options.
func (c control) after(wanted []control, on bool) []string {
	var values []string
	for _, o := range c.options {
		change := slices.ContainsFunc(wanted, func(w control) bool { return c.sameGroup(w) && w.value == o.Value })
		if change && on || !change && slices.Contains(c.chosen, o.Value) {
			values = append(values, o.Value)
		}
	}
	return values
}

package demo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meetingbot/handlers"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// An act is an order being carried out: what Slack made of it, and how one sees
// that the bot has finished with it.
type act struct {
	action *slacksim.Action
	before map[string]string // what everybody saw, by key
	over   func(a *act, now []sight) bool
	who    string
	target string // key of what was pressed
}

// A hand carries out orders. What a person has typed into a modal stays with
// the person until it is submitted, as in Slack's own clients.
type hand struct {
	*stage.Stage
	typed map[string]map[string]string // by person, by block
}

// do begins an order. It is an error if that can't be done at all.
func (h *hand) do(o order) (*act, error) {
	all := look(h.Stage)
	a := &act{before: map[string]string{}, who: o.who.ID}
	for _, s := range all {
		a.before[s.key] = s.text()
	}
	var err error
	switch o.verb {
	case verbSay:
		a.action = h.Slack.Type(o.who.ID, stage.General, o.text)
		if strings.HasPrefix(o.text, "/") {
			a.over = answered
		}
	case verbShortcut:
		a.over = answered
		a.action, err = h.shortcut(o.who, all)
	case verbPress, verbFill:
		s, found := newest(all, o.who.ID)
		if !found || o.number < 1 || o.number > len(s.controls) {
			return nil, fmt.Errorf("%s sees nothing with the number %d", o.who.Name, o.number)
		}
		a.target = s.key
		if o.verb == verbPress {
			a.action, a.over, err = h.press(o.who.ID, s, s.controls[o.number-1])
		} else {
			a.action, err = h.fill(o.who.ID, s, s.controls[o.number-1], o.text)
		}
	case verbNothing, verbHelp:
	}
	return a, err
}

// shortcut uses the app's shortcut on the newest message that a person wrote.
func (h *hand) shortcut(who stage.Person, all []sight) (*slacksim.Action, error) {
	for _, s := range slices.Backward(all) {
		if _, person := stage.Find(s.author); person && slices.Contains(s.seers, who.ID) {
			return h.Slack.MessageShortcut(who.ID, s.ref, stage.Shortcut)
		}
	}
	return nil, errors.New("nobody has written a message yet that the shortcut could be used on")
}

func (h *hand) press(who string, s sight, c control) (*slacksim.Action, func(*act, []sight) bool, error) {
	switch c.kind {
	case "button":
		over := redrawnOrTold
		if c.actionID == handlers.ActionKeep || c.actionID == handlers.ActionUndo {
			over = changedOrTold // nothing follows but the card's change
		}
		action, err := h.Slack.Click(who, s.ref, c.actionID, slacksim.ClickOptions{BlockID: c.blockID, Value: c.value})
		return action, over, err
	case submit:
		action, err := h.Slack.SubmitModal(who, h.typed[who])
		return action, submitted, err
	case shut:
		action, err := h.Slack.CloseModal(who)
		delete(h.typed, who)
		return action, nil, err
	}
	return nil, nil, fmt.Errorf("“%s” is to be filled, not pressed: type its number and what you choose", c.name)
}

func (h *hand) fill(who string, s sight, c control, text string) (*slacksim.Action, error) {
	if c.kind == "button" || c.kind == submit || c.kind == shut {
		return nil, fmt.Errorf("“%s” is a button: type its number alone", c.name)
	}
	values := []string{text}
	if len(c.options) > 0 {
		var err error
		if values, err = c.choose(text); err != nil {
			return nil, err
		}
	}
	if !s.modal {
		return h.Slack.Select(who, s.ref, c.blockID, c.actionID, values...)
	}
	if h.typed[who] == nil {
		h.typed[who] = map[string]string{}
	}
	h.typed[who][c.blockID] = strings.Join(values, ",")
	return nil, nil //nolint:nilnil // nothing is sent before the modal is
}

// choose reads numbers of options with commas between them.
func (c control) choose(text string) ([]string, error) {
	var values []string
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > len(c.options) {
			return nil, fmt.Errorf("“%s” has no option %q: there are 1 to %d", c.name, word, len(c.options))
		}
		values = append(values, c.options[n-1].Value)
	}
	if len(values) > 1 && !many(c.kind) {
		return nil, fmt.Errorf("“%s” takes one option", c.name)
	}
	return values, nil
}

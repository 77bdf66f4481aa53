package demo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// An act is an order in progress: the resulting Slack actions, and how to tell when the bot
// is done with it.
type act struct {
	actions  []*slacksim.Action
	before   map[string]string // the text of everything visible before, by key
	done     func(a *act, now []item) bool
	who      string
	target   string // key of the item that was clicked
	notifies bool   // it also leads to messages to invited people
	answered bool   // done has returned true
}

// An actor executes orders on behalf of people.
type actor struct {
	*stage.Stage
	atHome map[string]bool // who is looking at the app's Home tab
	byHand bool            // a person types, as opposed to a script
}

// do starts an order. It returns an error if the order is impossible.
func (h *actor) do(o order) (*act, error) {
	all := h.look()
	a := &act{before: map[string]string{}, who: o.who.ID}
	for _, s := range all {
		a.before[s.key] = s.text()
	}
	switch o.verb {
	case verbSay:
		h.atHome[o.who.ID] = false
		a.actions = []*slacksim.Action{h.Slack.Type(o.who.ID, stage.General, o.text)}
		if strings.HasPrefix(o.text, "/") {
			a.done = wasTold
		}
		return a, nil
	case verbShortcut:
		h.atHome[o.who.ID] = false
		a.done = wasTold
		return a.with(h.shortcut(o.who, all))
	case verbHome:
		h.atHome[o.who.ID] = true
		a.done = homeShown
		return a.with(h.Slack.OpenHome(o.who.ID))
	case verbPress, verbFill, verbTick, verbUntick:
		s, controls, err := findControls(all, o)
		if err != nil {
			return nil, err
		}
		a.target = s.key
		switch o.verb {
		case verbPress:
			return h.press(a, s, controls[0])
		case verbFill:
			return a.with(h.fill(a.who, s, controls[0], o.text))
		default:
			return h.tick(a, s, controls, o.verb == verbTick)
		}
	case verbNothing, verbHelp, verbQuit:
	}
	return a, nil
}

// with adds the resulting action, if Slack accepted the order.
func (a *act) with(action *slacksim.Action, err error) (*act, error) {
	if err != nil {
		return nil, err
	}
	a.actions = append(a.actions, action)
	return a, nil
}

// findControls finds the controls that an order's numbers refer to.
func findControls(all []item, o order) (item, []control, error) {
	s, _ := newest(all, o.who.ID)
	var aimed []control
	for _, n := range o.numbers {
		if s.sheet == nil || n < 1 || n > len(s.controls) {
			return item{}, nil, fmt.Errorf("%s sees nothing numbered %d", o.who.Name, n)
		}
		aimed = append(aimed, s.controls[n-1])
	}
	return s, aimed, nil
}

// shortcut uses the app's shortcut on the newest message that a person wrote.
func (h *actor) shortcut(who stage.Person, all []item) (*slacksim.Action, error) {
	for _, s := range slices.Backward(all) {
		if _, person := stage.Find(s.author); person && slices.Contains(s.visibleTo, who.ID) {
			return h.Slack.MessageShortcut(who.ID, s.ref, stage.Shortcut)
		}
	}
	return nil, errors.New("there is no message yet to use the shortcut on")
}

func (h *actor) press(a *act, s item, c control) (*act, error) {
	switch c.kind {
	case "button":
		a.done = redrawnOrTold
		if h.byHand {
			a.done = offersOrTold
		}
		switch c.actionID {
		case action.Keep, action.Undo, action.Mute:
			a.done = changedOrTold // only the card changes
		default:
			a.notifies = !h.byHand && slices.ContainsFunc(s.controls, func(c control) bool { return c.actionID == action.InputTell && len(c.chosen) > 0 })
		}
		which := slacksim.ClickOptions{BlockID: c.blockID, Value: c.value}
		if s.view != "" {
			return a.with(h.Slack.ClickView(a.who, s.view, c.actionID, which))
		}
		return a.with(h.Slack.Click(a.who, s.ref, c.actionID, which))
	case submit:
		a.done = submitted
		return a.with(h.Slack.SubmitModal(a.who, nil))
	case shut:
		return a.with(h.Slack.CloseModal(a.who))
	case boxes:
		return nil, fmt.Errorf("“%s” is a box: type tick and its number", c.name)
	}
	return nil, fmt.Errorf("“%s” is an input, not a button: type its number and your choice", c.name)
}

package sim

import (
	"slices"
	"strconv"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
	"meetingbot/internal/slacksim"
)

// A button is a button that a person sees.
type button struct {
	slacksim.Button
	m       slacksim.Message
	earlier bool // the message may no longer have it
}

// buttons returns the bot's buttons that a person sees, newest message first.
func (w *world) buttons(person string) (all []button) {
	var messages []slacksim.Message
	for _, channel := range []string{general, foreign} {
		messages = append(messages, w.slack.Messages(channel, person)...)
	}
	messages = append(messages, w.slack.DMs(person)...)
	slices.SortStableFunc(messages, func(a, b slacksim.Message) int { return -cmpStamp(a.TS, b.TS) })
	for _, m := range messages {
		for _, b := range m.Buttons() {
			if b.ActionID != "" {
				all = append(all, button{Button: b, m: m})
			}
		}
	}
	return all
}

func cmpStamp(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// pressSomething presses one of the buttons that a person sees.
func (w *world) pressSomething(name, person string) {
	all := w.buttons(person)
	if len(all) == 0 {
		return
	}
	// A card's first button does what was asked for.
	b := all[0]
	if w.chance.unit(name+"/which") < 0.35 {
		b = all[w.chance.number(name+"/button", len(all))]
	}
	w.press(name, person, b)
	if w.chance.happens(name+"/twice", 0.2) {
		w.later(name+"/twice", 0, 2*time.Second, func() { w.press(name+"/twice", person, b) })
	}
	if w.chance.happens(name+"/both", 0.2) {
		w.later(name+"/both", 0, 20*time.Millisecond, func() { w.press(name+"/both", pick(w.chance, name+"/both/who", ana, bob, carol, dave), b) })
	}
}

// press presses a button, possibly followed by an Undo.
func (w *world) press(name, person string, b button) {
	a := &act{
		person: person, what: b.ActionID, button: b.Text, request: b.Value, channel: b.m.Channel, ref: b.m.Ref, shown: b.m.Plain(),
	}
	if m, there := w.slack.Message(b.m.Ref); there {
		a.shown = m.Plain()
	}
	w.tickSome(name, person, b)
	if b.ActionID == "undo" {
		w.activateHeld("unknown")
	}
	if a.confirms() {
		w.activateHeld("wait")
		a.dates = w.datesOf(person, b)
	}
	pressed := w.do(a, func() (*slacksim.Action, error) {
		return w.slack.Click(person, b.m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value, Earlier: b.earlier})
	})
	if pressed {
		w.followUp(name, person, b, a)
	}
}

// followUp continues what a button has started.
func (w *world) followUp(name, person string, b button, a *act) {
	switch {
	case b.ActionID == "review_ticked" && w.chance.happens(name+"/page2", 0.85):
		who := pick(w.chance, name+"/page2/who", person, person, ana, bob, carol)
		w.later(name+"/page2", 500*time.Millisecond, 8*time.Second, func() { w.pressButtonOf(name+"/page2", who, b.Value, "cancel_ticked") })
	case opensWindow(b.ActionID) && w.chance.happens(name+"/window", 0.85):
		w.later(name+"/window", 300*time.Millisecond, 6*time.Second, func() { w.send(name+"/window", person, b.m.Ref) })
	case a.confirms():
		w.maybeUndo(name, person, b)
	}
}

// pressEarlier presses a button that a person's Slack still shows, though the message may no longer
// have it.
func (w *world) pressEarlier(name, person string, m slacksim.Message, request, action string) {
	w.press(name, person, button{slacksim.Button{ActionID: action, Text: action, Value: request}, m, true})
}

// maybeUndo sometimes presses Undo after a confirmation, or just too late.
func (w *world) maybeUndo(name, person string, b button) {
	undo := undoWindow(w.settings(), b.ActionID)
	if undo > 0 && w.chance.happens(name+"/undo", 0.5) {
		from := undo / 10
		if w.chance.unit(name+"/undo/last") < 0.5 {
			from = undo - 300*time.Millisecond
		}
		w.later(name+"/undo", from, undo+50*time.Millisecond, func() { w.pressButtonOf("undo", person, b.Value, "undo") })
	}
	if undo > 0 && w.chance.happens(name+"/late", 0.3) {
		w.later(name+"/late", undo, undo+8*time.Second, func() { w.pressEarlier(name+"/late", person, b.m, b.Value, "undo") })
	}
}

// undoWindow returns the undo window of a button.
func undoWindow(c config.Config, action string) time.Duration {
	if action == "cancel_ticked" {
		return max(c.UndoWindow, 10*time.Second)
	}
	return c.UndoWindow
}

// tickSome ticks some of a card's checkboxes before one of its buttons is pressed: dates of a
// series, meetings, or telling the invited people.
func (w *world) tickSome(name, person string, b button) {
	if b.ActionID != "review_ticked" && b.ActionID != "cancel_occurrences" && w.config.TellInvited != cancellation.TellAsk {
		return
	}
	for i, c := range b.m.Choices() {
		if c.Type == "checkboxes" && w.chance.unit(name+"/tick/"+strconv.Itoa(i)) < 0.4 {
			_, _ = w.slack.Tick(person, b.m.Ref, c.Value, !c.Chosen) // the card may have changed
		}
	}
}

// pressButtonOf presses a request's button with the given action, if there is one.
func (w *world) pressButtonOf(name, person, request, action string) {
	for _, b := range w.buttons(person) {
		if b.Value == request && b.ActionID == action {
			w.press(name, person, b)
			return
		}
	}
}

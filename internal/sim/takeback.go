package sim

import (
	"slices"
	"strconv"
	"time"

	"meetingbot/internal/slacksim"
)

// Meetings that nobody but one person asks about, so that they are still there.
const (
	forRoom      = -1 // who asks about a room, which the first meeting is in too
	forPartition = 3  // Ana, while a replica is cut off
	forDates     = 4  // who chooses among the dates of a series
	forQuestion  = 5  // Dave, who asks the owner too late to be answered
	forAsker     = 6  // Dave, who has to ask the owner
	forDelegate  = 7  // Dave, whom the owner lets cancel
	forLoser     = 8  // who loses a right
)

// scheduleDelegation has Carol let Dave cancel her meetings. What follows is up to
// [world.send]: he asks for a card, and she takes it back.
func (w *world) scheduleDelegation() {
	if w.chance.happens("delegation", 0.08) {
		w.delegate("delegation", w.chance.between("delegation/at", time.Second/2, w.horizon/3))
	}
}

// delegate has Carol let Dave cancel a meeting of his own.
func (w *world) delegate(name string, at time.Duration) {
	w.bookOnce(forDelegate)
	if w.judgesCalls() && w.chance.happens("unanswered", 0.4) {
		l := w.aim("unanswered", "meeting", "cancel", pickWeighted(w.chance, "unanswered/how", []weighted[string]{{3, late}, {1, hangs}, {1, hangsAfter}}))
		l.held.Store(true)
		l.times, l.delay = 1, w.chance.between("unanswered/by", 4*time.Second, 20*time.Second)
		w.chance.note("unanswered: the next meeting cancel once @%s has pressed: %s, %s later", dave, l.how, l.delay)
	}
	w.after(at, func() { w.inHome(name, carol, "delegate_add") })
}

// useDelegation has Dave ask about a meeting of Carol's, and press.
func (w *world) useDelegation(name string) {
	if _, booked := w.guests[number(forDelegate)]; !booked {
		w.ask(name, 1, dave)
		return
	}
	w.typeLine(dave, general, "/cancel-meeting "+number(forDelegate))
	if w.chance.happens(name+"/first", 0.9) {
		w.later(name+"/first", firstFrom, firstTo, func() {
			w.activateHeld("unanswered")
			w.pressSomething(name+"/first", dave)
			if w.chance.happens(name+"/at once", 0.5) { // in the undo window, or before the call is answered
				w.later(name+"/at once", 0, 4*time.Second, func() { w.takeBack(name + "/at once") })
			}
		})
	}
}

// takeBackLater has Carol press Remove before, while or after Dave's card stands and is
// pressed: he asks 1 to 8 s after she has let him, and presses within 12 s.
func (w *world) takeBackLater(name string) {
	for i, probability := range []float64{0.6, 0.2} {
		if back := name + "/back/" + strconv.Itoa(i); w.chance.happens(back, probability) {
			w.later(back, time.Second/2, 30*time.Second, func() { w.takeBack(back) })
		}
	}
}

func (w *world) takeBack(name string) {
	w.inHome(name, carol, "delegate_remove")
	if w.chance.happens(name+"/press", 0.5) {
		w.later(name+"/press", time.Second, firstTo, func() { w.pressSomething(name+"/press", dave) })
	}
}

// inHome has a person open Home and press a button there, by its action.
func (w *world) inHome(name, person, action string) {
	if !w.open(person) {
		return
	}
	w.later(name+"/home", 300*time.Millisecond, 3*time.Second, func() {
		h, _ := w.slack.Home(person)
		buttons := h.Buttons()
		if i := slices.IndexFunc(buttons, func(b slacksim.Button) bool { return b.ActionID == action }); i >= 0 {
			w.pressInHome(name, person, h, buttons[i])
		}
	})
}

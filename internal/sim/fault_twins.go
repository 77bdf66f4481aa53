package sim

import (
	"slices"
	"time"

	"meetingbot/internal/meetingsim"
)

// twinsFault has two people ask about the same two meetings, on a card each, and confirm in each other's
// undo window. One of them usually undoes, and the first call may get lost.
func (w *world) twinsFault() {
	w.bookOnce(forPartition) // which is only used by two replicas
	w.meetings.Change(number(forPartition), func(m *meetingsim.Meeting) { m.Series = nil })
	first := w.chance.between("twins/at", time.Second/2, 12*time.Second)
	pressed := first + w.chance.between("twins/press", 9*time.Second, 13*time.Second)
	for i, channel := range []string{general, pick(w.chance, "twins/where", foreign, w.slack.DM(bob))} {
		name := "twins/" + string(rune('0'+i))
		asker := []string{ana, bob}[i]
		line := "/cancel-meeting " + number(0) + " " + number(forPartition)
		if i == 1 && w.chance.unit("twins/one") < 0.3 {
			line = "/cancel-meeting " + number(pick(w.chance, "twins/which", 0, forPartition))
		}
		w.after(first+w.chance.between(name+"/at", 0, 3*time.Second), func() { w.typeLine(asker, channel, line) })
		w.after(first+w.chance.between(name+"/turn", 4*time.Second, 8*time.Second), func() { w.pressIn(name+"/turn", asker, channel, "review_ticked") })
		confirmed := pressed + w.chance.between(name+"/press", 0, 9*time.Second)
		w.after(confirmed, func() { w.pressIn(name+"/press", asker, channel, "cancel_ticked", "cancel_meeting", "end_meeting") })
		if w.chance.happens(name+"/undo", 0.4) {
			w.after(confirmed+w.chance.between(name+"/undone", time.Second, 10*time.Second), func() { w.pressIn(name+"/undo", asker, channel, "undo") })
		}
	}
	how := pickWeighted(w.chance, "twins/how", []weighted[string]{{2, ""}, {2, lost}, {2, lostAfter}, {1, hangs}, {2, hangsAfter}, {2, slow}, {1, gateway}, {1, unlisted}})
	if how != "" {
		l := w.aim("twins", "meeting", "cancel", how)
		l.times, l.delay = 1+w.chance.number("twins/times", 2), 3*time.Second
	}
	w.chance.note("twins: @%s and @%s ask about the same meetings at about %s and confirm at about %s; meeting cancel %s", ana, bob, w.clock(w.began.Add(first)), w.clock(w.began.Add(pressed)), how)
}

// pressIn presses the newest button with one of these actions that a person sees in a channel.
func (w *world) pressIn(name, person, channel string, actions ...string) {
	all := w.buttons(person)
	if i := slices.IndexFunc(all, func(b button) bool { return b.m.Channel == channel && slices.Contains(actions, b.ActionID) }); i >= 0 {
		w.press(name, person, all[i])
	}
}

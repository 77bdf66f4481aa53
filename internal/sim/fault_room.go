package sim

import "time"

// room is the number of a cloud room in which two meetings are booked.
const room = "815000001"

// roomFault has a person ask about a room by its number and choose one of its meetings, while the other
// goes on, changes or goes.
func (w *world) roomFault() {
	w.shared = true
	w.book(forRoom)
	asker := pick(w.chance, "room/who", ana, bob, carol)
	asked := w.chance.between("room/at", time.Second/2, w.horizon/2)
	chosen := asked + w.chance.between("room/choose", time.Second, 8*time.Second)
	pressed := chosen + w.chance.between("room/press", time.Second, 8*time.Second)
	channel := general
	if w.chance.unit("room/where") < 0.3 {
		channel = foreign
	}
	w.after(asked, func() { w.typeLine(asker, channel, "/cancel-meeting "+room) })
	w.after(chosen, func() { w.pressAny("room/choose", asker, "choose_meeting") })
	w.after(pressed, func() {
		w.pressAny("room/press", pick(w.chance, "room/presser", asker, ana, bob, carol), "cancel_meeting")
	})
	if w.chance.happens("room/change", 0.5) {
		what := pick(w.chance, "room/what", "removed", "started", "renamed", "moved")
		at := asked + w.chance.between("room/change/at", -2*time.Second, 12*time.Second)
		w.after(max(time.Second/2, at), func() { w.changeMeeting(number(pick(w.chance, "room/which", 0, forRoom)), what) })
		w.chance.note("room: at about %s one of its meetings is %s", w.clock(w.began.Add(at)), what)
	}
	w.chance.note("room: @%s asks about a room at %s, chooses at %s and presses at %s", asker, w.clock(w.began.Add(asked)), w.clock(w.began.Add(chosen)), w.clock(w.began.Add(pressed)))
}

// roomOf returns the room that a meeting is booked in, if any.
func (w *world) roomOf(i int) string {
	if w.shared && (i == 0 || i == forRoom) {
		return room
	}
	return ""
}

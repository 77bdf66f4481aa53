package sim

import (
	"time"

	"meetingbot/internal/meetingsim"
)

// severalFault has people cancel several meetings at once while a call has to wait or its outcome isn't
// known, and then stop, undo or check again.
func (w *world) severalFault() {
	if w.real {
		return // it takes minutes
	}
	w.bookOnce(forPartition) // which is only used by two replicas
	w.meetings.Change(number(forPartition), func(m *meetingsim.Meeting) { m.Series = nil })
	asked := w.chance.between("several/at", time.Second/2, 15*time.Second)
	turned := asked + w.chance.between("several/turn", 2*time.Second, 6*time.Second)
	pressed := turned + w.chance.between("several/press", time.Second, 6*time.Second)
	asker := pick(w.chance, "several/who", ana, bob, carol)
	presser := pick(w.chance, "several/presser", asker, ana, bob, carol)
	w.after(asked, func() {
		w.typeLine(asker, pick(w.chance, "several/where", general, general, foreign), "/cancel-meeting "+number(0)+" "+number(forPartition))
	})
	w.after(turned, func() { w.pressAny("several/turn", presser, "review_ticked") })
	w.after(pressed, func() { w.pressAny("several/press", presser, "cancel_ticked") })
	trouble := pick(w.chance, "several/trouble", "wait", "wait", "doubt", "regret")
	w.chance.note("several: @%s asks about two meetings at %s and @%s confirms at %s", asker, w.clock(w.began.Add(asked)), presser, w.clock(w.began.Add(pressed)))
	switch trouble {
	case "wait":
		w.waitFault()
	case "doubt":
		w.doubtFault()
	case "regret":
		w.regretFault()
	}
}

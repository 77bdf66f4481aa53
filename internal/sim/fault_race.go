package sim

import "time"

// Answers of the meeting service to a call that cancels.
const (
	raced       = "comes just after a change"
	starting    = "400 because the meeting is starting"
	locked      = "400 because the meeting is locked"
	unlisted    = "400 because there is no such meeting"
	tookTooLong = "400 because it took too long"
	doneTooLong = "takes effect and responds that it took too long"
)

// raceFault has the meeting change between the last reading and the call, or the service refuse the
// call for a reason of its own.
func (w *world) raceFault() {
	l := w.aim("race", "meeting", "cancel", pickWeighted(w.chance, "race/how", []weighted[string]{
		{6, raced}, {3, starting}, {1, locked}, {3, unlisted}, {1, tookTooLong}, {1, doneTooLong},
	}))
	l.times = 1 + w.chance.number("race/times", 2)
	what := pick(w.chance, "race/what", "removed", "started", "ended", "renamed", "moved", dateLess, dateMoved)
	l.then = func(meeting string) {
		if l.how == raced {
			w.changeMeeting(meeting, what)
			time.Sleep(time.Millisecond)
		}
	}
	asked := w.chance.between("race/at", time.Second/2, w.horizon/2)
	pressed := asked + w.chance.between("race/press", time.Second, 8*time.Second)
	w.after(asked, func() { w.typeLine(ana, general, "/cancel-meeting "+number(0)) })
	w.after(pressed, func() { w.pressSomething("race/press", pick(w.chance, "race/presser", ana, bob, carol)) })
	w.chance.note("race: the first %d meeting cancel calls: %s (%s)", l.times, l.how, what)
}

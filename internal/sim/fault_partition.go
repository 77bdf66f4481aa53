package sim

import "time"

// partitionFault cuts one of the two replicas off the database while a meeting is being cancelled and the
// cancellation is undone. Its sockets stay open, so Slack goes on sending to both.
func (w *world) partitionFault() {
	w.bookOnce(forPartition)
	w.config.UndoWindow = pick(w.chance, "partition/undo", 0, 6*time.Second, 12*time.Second)
	asked := w.chance.between("partition/asked", time.Second, 5*time.Second)
	pressed := asked + w.chance.between("partition/pressed", 2*time.Second, 5*time.Second)
	from := w.chance.between("partition/from", asked-time.Second, pressed+w.config.UndoWindow)
	l := w.aim("partition", "db", "", pick(w.chance, "partition/how", refused, hangs, lostAfter))
	l.slot = w.slots[w.chance.number("partition/replica", len(w.slots))]
	l.from = w.began.Add(from)
	l.to = l.from.Add(w.chance.between("partition/for", 2*time.Second, 18*time.Second))
	w.troubleUntil(l.to)
	w.after(asked, func() { w.typeLine(ana, general, "/cancel-meeting "+number(forPartition)) })
	w.after(pressed, func() { w.pressAny("partition/press", carol, "cancel_meeting") })
	if w.config.UndoWindow > 0 && w.chance.happens("partition/undo", 0.7) {
		w.after(pressed+w.chance.between("partition/undone", time.Second, w.config.UndoWindow), func() { w.pressAny("partition/undone", carol, "undo") })
	}
	w.chance.note("partition: @%s presses at %s; from %s to %s the database %s for one replica", carol, w.clock(w.began.Add(pressed)), w.clock(l.from), w.clock(l.to), l.how)
}

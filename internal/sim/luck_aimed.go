package sim

import "time"

// aimedLuck draws bad luck of several pieces that have to come together, which chance
// hardly ever brings about within a thousand schedules.
func (w *world) aimedLuck() {
	if w.chance.happens("blind", 0.06) {
		w.blindLuck()
	}
	if w.chance.happens("overtaken", 0.06) {
		w.overtakenLuck()
	}
}

// blindLuck cuts off the first destructive call; from then on, what would tell what has
// become of it is left out.
func (w *world) blindLuck() {
	l := &luck{name: "blind", where: "meeting", place: "cancel", sure: true, times: 1, from: w.began, to: w.began.Add(w.days)}
	l.how = pick(w.chance, "blind/how", lost, lostAfter, hangs, hangsAfter)
	l.blinds = pick(w.chance, "blind/field", "subConfs", "conferenceState")
	w.lucks = append(w.lucks, l)
	w.troubleUntil(l.to)
	w.chance.note("blind: the first meeting cancel %s, and from then on the meeting service doesn't tell %s", l.how, l.blinds)
}

// overtakenLuck has one change of a message take so long that the next one is answered
// first, and not so long that it is given up.
func (w *world) overtakenLuck() {
	at := w.when("overtaken/when")
	l := &luck{name: "overtaken", where: "slack", place: "chat.update", how: slow, sure: true, times: 1, from: w.began.Add(at), to: w.began.Add(w.days)}
	l.delay = w.chance.between("overtaken/by", time.Second, 3*time.Second)
	w.lucks = append(w.lucks, l)
	w.troubleUntil(l.to)
	w.chance.note("overtaken: the first chat.update after %s takes %s", w.clock(l.from), l.delay)
}

// blind has the meeting service tell less from now on, if that is part of l.
func (w *world) blind(l *luck) {
	if l.blinds == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.omits, w.omitsFrom = l.blinds, time.Since(w.began)
}

// leavesOut is the field that the meeting service doesn't tell; empty if it tells all.
func (w *world) leavesOut() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.began) < w.omitsFrom {
		return ""
	}
	return w.omits
}

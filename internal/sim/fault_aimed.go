package sim

import (
	"slices"
	"strings"
	"time"
)

// aimedFaults draws combinations of faults that would meet by chance less than once in a
// thousand schedules.
func (w *world) aimedFaults() {
	if w.chance.happens("blind", 0.25) {
		w.blindFault()
	}
	if w.chance.happens("overtaken", 0.06) {
		w.overtakenFault()
	}
	if w.chance.happens("told", 0.5) {
		w.toldDeath()
	}
	if w.chance.happens("unknown", 0.3) {
		w.unknownFault()
	}
	if w.config.ConfirmTTL < w.horizon && !w.real && w.chance.happens("question", 0.25) {
		w.questionFault()
	}
	if w.judgesCalls() && w.chance.happens("straggler", 0.15) {
		w.stragglerFault()
	}
	if w.real && w.chance.happens("partition", 0.4) {
		w.partitionFault()
	}
	switch { // several meetings are in trouble, or one
	case w.chance.happens("several", 0.1):
		w.severalFault()
	case w.chance.happens("twins", 0.08):
		w.twinsFault()
	default:
		if w.chance.happens("wait", 0.1) {
			w.waitFault()
		}
		if w.chance.happens("doubt", 0.06) {
			w.doubtFault()
		}
		if w.chance.happens("regret", 0.06) {
			w.regretFault()
		}
	}
	w.loginFault()
	if w.chance.happens("dropped", 0.06) {
		w.droppedFault()
	}
	if w.config.ConfirmTTL < w.horizon && w.chance.happens("last moment", 0.3) {
		w.lastMomentFault()
	}
	for _, f := range []struct {
		name        string
		probability float64
		draw        func()
	}{
		{"sequence", 0.15, w.sequenceFault},
		{"full", 0.1, w.fullFault},
		{"lag", 0.1, w.lagFault},
		{"dates", 0.12, w.datesFault},
		{"halt", 0.15, w.haltFault},
		{"room", 0.1, w.roomFault},
		{"race", 0.15, w.raceFault},
		{"token", 0.1, w.tokenFault},
		{"outside", 0.1, w.outsideFault},
	} {
		if w.chance.happens(f.name, f.probability) {
			f.draw()
		}
	}
}

// judgesCalls reports whether calls may be very late. How long one may still take effect is
// judged by the clock, and what another request has done by the database, so neither may be
// faulty.
func (w *world) judgesCalls() bool {
	return !w.clocks && !slices.ContainsFunc(w.faults, func(l *fault) bool { return l.where == "db" })
}

// aim adds a fault that strikes every time, until the end of the schedule unless the caller
// changes that.
func (w *world) aim(name, where, place, how string) *fault {
	l := &fault{name: name, where: where, place: place, how: how, sure: true, from: w.began, to: w.began.Add(w.horizon)}
	w.faults = append(w.faults, l)
	return l
}

// toldDeath kills the process after it has told a person something and before it can record
// that.
func (w *world) toldDeath() {
	d := &death{
		name: "told", after: true, from: w.began, left: 1,
		where: pickWeighted(w.chance, "told/what", []weighted[string]{{1, "told invited"}, {1, "told owner"}, {3, "told owner of several"}}),
		pause: w.chance.between("told/pause", time.Millisecond, 6*time.Second),
	}
	w.deaths = append(w.deaths, d)
	w.troubleUntil(w.began.Add(w.horizon))
	w.chance.note("told: the process dies once it has %s, and starts %s later", d.where, d.pause)
}

// tellingOf returns what a call tells whom, in the words of [death]; empty if nothing.
func tellingOf(at, body string) string {
	if at != "chat.postMessage" {
		return ""
	}
	switch {
	case strings.Contains(body, "%2Finvited"):
		return "told invited"
	case strings.Contains(body, "%2Fowner%2F"):
		return "told owner of several"
	case strings.Contains(body, "%2Fowner"):
		return "told owner"
	}
	return ""
}

// stragglerFault makes destructive calls take effect long after they were given up.
func (w *world) stragglerFault() {
	l := w.aim("straggler", "meeting", "cancel", late)
	l.times = 1 + w.chance.number("straggler/times", 2)
	l.delay = w.chance.between("straggler/by", 4*time.Second, 24*time.Second)
	w.chance.note("straggler: the first %d meeting cancel calls: %s, %s later", l.times, l.how, l.delay)
}

// droppedFault delivers everything twice and opens a Home while a command's commit hangs. Both
// deliveries wait only as long as Slack waits for an ack, share the next commit, and that one
// fails too.
func (w *world) droppedFault() {
	w.duplicates = true
	w.slack.SetDuplicate(true)
	at := w.askedAt("ask/0")
	l := w.aim("dropped", "db", "COMMIT", hangs)
	l.times, l.from, l.to = 2, w.began.Add(at), w.began.Add(at+12*time.Second)
	w.troubleUntil(l.to)
	person := pick(w.chance, "dropped/who", ana, bob, carol, dave)
	w.after(at+w.chance.between("dropped/after", 2800*time.Millisecond, 4800*time.Millisecond), func() { w.openHome("dropped", person) })
	w.chance.note("dropped: everything is delivered twice, the first two commits after %s hang, and @%s opens Home in the meantime", w.clock(l.from), person)
}

// lastMomentFault has a question answered just before it expires, by a click that can't be worked
// on until it has: the person can't be looked up. Nobody else sees the card, so it is still open.
func (w *world) lastMomentFault() {
	at := w.chance.between("last moment/at", time.Second, w.horizon-w.config.ConfirmTTL)
	before := w.chance.between("last moment/before", 200*time.Millisecond, 1500*time.Millisecond)
	click := at + w.config.ConfirmTTL - before
	l := w.aim("last moment", "slack", "users.info", hangs)
	l.from, l.to = w.began.Add(click), w.began.Add(click+before+w.chance.between("last moment/for", 300*time.Millisecond, 5*time.Second))
	w.troubleUntil(l.to)
	direct := w.slack.DM(bob)
	w.after(at, func() { w.typeLine(bob, direct, "/cancel-meeting "+number(0)) })
	w.after(click, func() {
		all := w.buttons(bob)
		if i := slices.IndexFunc(all, func(b button) bool { return b.m.Channel == direct }); i >= 0 {
			w.press("last moment", bob, all[i])
		}
	})
	w.chance.note("last moment: @%s asks in direct messages at %s and clicks %s before that expires, while he can't be looked up", bob, w.clock(w.began.Add(at)), before)
}

// unknownFault makes Slack slow at looking up people, from the first Undo on.
func (w *world) unknownFault() {
	l := w.aim("unknown", "slack", "users.info", slow)
	l.held.Store(true)
	l.times = 1 + w.chance.number("unknown/times", 4)
	l.delay = w.chance.between("unknown/by", 6*time.Second, 12*time.Second)
	w.chance.note("unknown: from the first Undo on, users.info takes %s, %d times", l.delay, l.times)
}

// activateHeld activates the fault of this name, which waits for an Undo or another click.
func (w *world) activateHeld(name string) {
	for _, l := range w.faults {
		if l.name == name && l.held.CompareAndSwap(true, false) {
			w.troubleUntil(time.Now().Add(time.Duration(l.times) * l.delay))
		}
	}
}

// blindFault breaks the first destructive call, and for a while hides the field that would show
// what happened.
func (w *world) blindFault() {
	l := w.aim("blind", "meeting", "cancel", pick(w.chance, "blind/how", lost, lostAfter, hangs, hangsAfter))
	l.times = 1
	l.blinds = pickWeighted(w.chance, "blind/field", []weighted[string]{{2, "subConfs"}, {1, "conferenceState"}})
	l.delay = w.chance.between("blind/for", 5*time.Second, 45*time.Second)
	w.troubleUntil(l.to)
	w.chance.note("blind: the first meeting cancel %s, and the meeting service then omits %[3]s for %[2]s", l.how, l.delay, l.blinds)
}

// overtakenFault makes one update of a message so slow that the next one overtakes it. The slow
// one may have been given up by then.
func (w *world) overtakenFault() {
	how := slow
	if w.chance.unit("overtaken/late") < 0.5 {
		how = late
	}
	l := w.aim("overtaken", "slack", "chat.update", how)
	l.times, l.from = 1, w.began.Add(w.when("overtaken/when"))
	l.delay = w.chance.between("overtaken/by", time.Second, 6*time.Second)
	w.troubleUntil(l.to)
	w.chance.note("overtaken: the first chat.update after %s %s, %s later", w.clock(l.from), l.how, l.delay)
}

// startOmitting starts omitting a field for a while, if l says so.
func (w *world) startOmitting(l *fault) {
	if l.blinds == "" {
		return
	}
	w.troubleUntil(time.Now().Add(l.delay))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blinded, w.blindedTo = l.blinds, time.Now().Add(l.delay)
}

// omittedField returns the field that the meeting service currently omits; empty if none.
func (w *world) omittedField() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch now := time.Now(); {
	case now.Before(w.blindedTo):
		return w.blinded
	case now.Before(w.began.Add(w.omitsFrom)), w.omitsFrom > 0 && now.After(w.began.Add(w.horizon)):
		return ""
	}
	return w.omits
}

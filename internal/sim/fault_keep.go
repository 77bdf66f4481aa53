package sim

import "time"

// keepFault sets KEEP. A finished request is then blanked a minute after the process has
// started, often while what tells of it is still outstanding.
func (w *world) keepFault() {
	w.config.Keep = pick(w.chance, "keep/for", time.Second, time.Second, 5*time.Second)
	w.chance.note("keep: KEEP is %s", w.config.Keep)
	if !w.chance.happens("keep/outstanding", 0.7) {
		return
	}
	l := w.aim("keep", "slack", pickWeighted(w.chance, "keep/place", []weighted[string]{
		{3, "chat.postMessage"}, {2, "chat.update"}, {1, "conversations.open"}, {1, "users.info"}, {1, ""},
	}), pickWeighted(w.chance, "keep/how", []weighted[string]{{2, hangs}, {2, status503p}, {2, wait429}, {1, late}, {2, lostAfter}}))
	from := w.chance.between("keep/from", 50*time.Second, 59*time.Second)
	l.from, l.to = w.began.Add(from), w.began.Add(from+w.chance.between("keep/outage", 5*time.Second, 30*time.Second))
	l.delay = 5 * time.Second
	w.troubleUntil(l.to)
	w.chance.note("keep: from %s to %s, slack %s %s", w.clock(l.from), w.clock(l.to), l.place, l.how)
	before := w.chance.between("keep/asked", 2*time.Second, 15*time.Second)
	who := pick(w.chance, "keep/who", ana, bob, dave)
	w.after(from-before, func() { w.ask("keep", 1, who) })
	w.after(from-w.chance.between("keep/pressed", 0, time.Second), func() { w.pressSomething("keep/press", pick(w.chance, "keep/presser", ana, bob)) })
}

package sim

import (
	"strconv"
	"time"

	"meetingbot/internal/slacksim"
)

// after calls f at a time of the schedule.
func (w *world) after(d time.Duration, f func()) {
	w.inBackground(func() {
		time.Sleep(time.Until(w.began.Add(d)))
		f()
	})
}

// inBackground runs f, which must finish before the schedule counts as quiet.
func (w *world) inBackground(f func()) {
	w.busy.Add(1)
	w.background.Go(func() {
		f()
		w.troubleUntil(time.Now())
		w.busy.Add(-1)
	})
}

// processFault kills, freezes, stops or updates the process.
func (w *world) processFault(name string, at time.Duration) {
	pause := w.chance.between(name+"/pause", time.Millisecond, 6*time.Second)
	if w.chance.unit(name+"/long") < 0.2 {
		pause = min(8*pause, w.horizon)
	}
	where := w.slots[w.chance.number(name+"/replica", len(w.slots))]
	what := pickWeighted(w.chance, name+"/what", []weighted[string]{
		{3, "dies"}, {5, "dies at a place"}, {4, "freezes"}, {2, "stops"}, {2, "is updated"},
	})
	w.count("process " + what)
	if (what == "dies" || what == "stops") && w.config.ConfirmTTL < w.horizon && w.chance.happens(name+"/past", 0.3) { // long enough for a confirmation to become stale
		pause = w.config.ConfirmTTL + w.chance.between(name+"/past/for", stepTakes, 2*stepTakes)
	}
	switch what {
	case "dies":
		w.chance.note("%s: the process dies at %s, and starts %s later", name, w.clock(w.began.Add(at)), pause)
		w.after(at, func() { w.die(name, where, pause) })
	case "dies at a place":
		w.deathAt(name, at, pause)
	case "freezes":
		w.chance.note("%s: the process freezes at %s for %s", name, w.clock(w.began.Add(at)), min(3*pause, w.horizon))
		w.after(at, func() { w.freeze(name, where, min(3*pause, w.horizon)) })
	case "stops":
		w.chance.note("%s: the process is stopped at %s, and starts %s after it has ended", name, w.clock(w.began.Add(at)), pause)
		w.after(at, func() { w.stop(name, where, pause) })
	case "is updated":
		w.chance.note("%s: the process is updated at %s: the new one starts while the old one stops", name, w.clock(w.began.Add(at)))
		w.after(at, func() { w.stop(name, where, 0) })
	}
}

// A death strikes at the nth call or statement of a kind.
type death struct {
	name  string
	where string // "db COMMIT", "meeting cancel", …
	after bool   // after it has taken effect
	stops bool   // it is asked to stop instead
	from  time.Time
	left  int
	pause time.Duration
}

func (w *world) deathAt(name string, at time.Duration, pause time.Duration) {
	d := &death{
		name: name, from: w.began.Add(at / 2), pause: pause, left: 1 + w.chance.number(name+"/nth", 8),
		after: w.chance.unit(name+"/after") < 0.5,
		where: pickWeighted(w.chance, name+"/at", []weighted[string]{
			{5, "db COMMIT"}, {4, "meeting cancel"}, {2, "slack chat.postMessage"}, {3, "slack chat.update"}, {1, "meeting detail"},
		}),
	}
	if d.where == "meeting cancel" || d.where == "slack chat.update" {
		d.left = 1 + w.chance.number(name+"/nth", 2)
	}
	w.deaths = append(w.deaths, d)
	w.troubleUntil(w.began.Add(w.horizon))
	when := "before"
	if d.after {
		when = "after"
	}
	w.chance.note("%s: the process dies %s %s number %d after %s, and starts %s later", name, when, d.where, d.left, w.clock(d.from), pause)
}

// dieIfDue kills the process at a place if a death is due there, and reports whether it did.
func (w *world) dieIfDue(p *process, where string, after bool) (died bool) {
	if len(w.deaths) == 0 {
		return false
	}
	w.mu.Lock()
	var due *death
	for _, d := range w.deaths {
		if d.left > 0 && d.where == where && d.after == after && !time.Now().Before(d.from) && !w.over {
			if d.left--; d.left == 0 {
				due = d
			}
		}
	}
	if p == nil { // a call doesn't identify the process that made it
		p = w.slots[0].current
	}
	w.mu.Unlock()
	switch {
	case due == nil || p == nil:
		return false
	case due.stops:
		w.count("stops at " + where)
		w.inBackground(func() { w.stop(due.name, p.slot, due.pause) })
		return false
	case !w.kill(due.name, p):
		return false
	}
	w.count("dies at " + where)
	w.inBackground(func() { w.revive(due.name, p.slot, due.pause) })
	return true
}

// processIn returns the process running in a slot; nil if there is none.
func (w *world) processIn(s *slot) *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.current == nil || s.current.isOver() {
		return nil
	}
	return s.current
}

// die kills the process and starts the next one after a pause.
func (w *world) die(name string, where *slot, pause time.Duration) {
	if w.kill(name, w.processIn(where)) {
		w.revive(name, where, pause)
	}
}

// kill kills a process, and reports whether there was one to kill.
func (w *world) kill(name string, p *process) bool {
	if p == nil {
		return false
	}
	url, ok := p.kill()
	if !ok {
		return false
	}
	w.struck.Add(1)
	w.mu.Lock()
	p.slot.current, p.slot.url = nil, url
	w.mu.Unlock()
	w.tell("%s: process %d dies", name, p.n)
	return true
}

// revive starts a process after a pause, unless one is running.
func (w *world) revive(name string, where *slot, pause time.Duration) {
	w.troubleUntil(time.Now().Add(pause))
	time.Sleep(pause)
	w.mu.Lock()
	url, there := where.url, where.current != nil
	w.mu.Unlock()
	if !there {
		w.tell("%s: the next process starts", name)
		w.startProcess(where, url)
		w.troubleUntil(time.Now())
	}
}

func (w *world) freeze(name string, where *slot, pause time.Duration) {
	p := w.processIn(where)
	if p == nil || !p.freeze() {
		return
	}
	w.struck.Add(1)
	w.tell("%s: process %d freezes", name, p.n)
	w.troubleUntil(time.Now().Add(pause))
	time.Sleep(pause)
	p.wake()
	w.tell("%s: process %d wakes up", name, p.n)
	w.troubleUntil(time.Now())
}

// stop shuts the process down gracefully. Without a pause the next one starts at once; with
// SQLite it then finds the file in use and is restarted until the file is free.
func (w *world) stop(name string, where *slot, pause time.Duration) {
	p := w.processIn(where)
	if p == nil || p.isDead() {
		return
	}
	w.struck.Add(1)
	w.tell("%s: process %d is asked to stop", name, p.n)
	p.stop()
	if pause == 0 {
		w.restart(p, time.Millisecond)
		return
	}
	<-p.done
	if p.isDead() {
		return
	}
	w.tell("%s: process %d has stopped", name, p.n)
	w.restart(p, pause)
}

// networkFault breaks sockets and connections.
func (w *world) networkFault(name string, at time.Duration) {
	what := pickWeighted(w.chance, name+"/what", []weighted[string]{
		{2, slacksim.ReasonWarning},
		{2, slacksim.ReasonRefresh},
		{2, slacksim.DropFIN},
		{1, slacksim.DropRST},
		{2, slacksim.DropSilence},
		{2, "slack"},
		{2, "meeting"},
	})
	times := 1 + w.chance.number(name+"/times", 2)
	w.count("network " + what)
	w.chance.note("%s: at %s, %s times: connections: %s", name, w.clock(w.began.Add(at)), strconv.Itoa(times), what)
	w.after(at, func() {
		w.struck.Add(1)
		w.tell("%s: connections: %s", name, what)
		for range times {
			switch what {
			case slacksim.ReasonWarning, slacksim.ReasonRefresh:
				w.slack.Disconnect(what)
			case slacksim.DropFIN, slacksim.DropRST, slacksim.DropSilence:
				w.slack.DropSocket(what)
			default:
				for _, s := range w.slots {
					if p := w.processIn(s); p != nil {
						p.silence(what + ".sim:80")
					}
				}
			}
		}
		if what == slacksim.DropSilence || what == "slack" {
			w.troubleUntil(time.Now().Add(50 * time.Second)) // until it is noticed
		}
	})
}

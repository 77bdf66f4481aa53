package sim

import (
	"slices"
	"time"

	"meetingbot/internal/meetingsim"
)

// sequenceFault strikes one request several times: its call gets no usable answer, then the look
// at what it did goes wrong, and then the telling.
func (w *world) sequenceFault() {
	hows := []weighted[string]{{2, lostAfter}, {1, hangsAfter}, {2, gateway}, {1, failsAfter}, {1, lost}, {1, hangs}}
	if w.judgesCalls() {
		hows = append(hows, weighted[string]{3, late}, weighted[string]{4, gatewayLate})
	}
	call := w.link("sequence/call", "meeting", "cancel", pickWeighted(w.chance, "sequence/call/how", hows))
	look := w.link("sequence/look", "meeting", "detail", pick(w.chance, "sequence/look/how", hangs, gateway, status401, status503p, slow, half))
	draw := w.link("sequence/tell", "slack", pick(w.chance, "sequence/tell/what", "chat.update", "chat.postMessage"), pick(w.chance, "sequence/tell/how", late, gateway, gatewayLate, hangsAfter, failsAfter))
	call.times = 1
	call.held.Store(false)
	dies := w.chance.happens("sequence/dies", 0.4)
	if dies {
		w.troubleUntil(w.began.Add(w.horizon))
	}
	call.then = func(string) {
		look.arm(w)
		draw.arm(w)
		if dies {
			w.later("sequence/dies", 0, 12*time.Second, func() {
				w.die("sequence/dies", w.slots[0], w.chance.between("sequence/dies/for", time.Millisecond, 20*time.Second))
			})
		}
	}
	w.chance.note("sequence: the first meeting cancel %s, then meeting detail %s %d times, then %s %s %d times", call.how, look.how, look.times, draw.place, draw.how, draw.times)
}

// link adds a fault that waits until it is armed.
func (w *world) link(name, where, place, how string) *fault {
	l := w.aim(name, where, place, how)
	l.held.Store(true)
	l.times = 1 + w.chance.number(name+"/times", 4)
	l.delay = w.chance.between(name+"/by", time.Second, 15*time.Second)
	return l
}

// arm lets a fault of [world.link] strike.
func (l *fault) arm(w *world) {
	w.troubleUntil(time.Now().Add(2 * l.delay))
	l.held.Store(false)
}

// goOn starts what follows a fault's first strike.
func (l *fault) goOn(meeting string) {
	if l.then != nil && l.began.CompareAndSwap(false, true) {
		l.then(meeting)
	}
}

// shownBy is when, after a call was given up, its effect must show at the latest. What shows later
// than half a minute after the call began counts as lost.
const shownBy = 24 * time.Second

// lagFault has the meeting service show for a while what a call has removed.
func (w *world) lagFault() {
	for_ := w.chance.between("lag/for", 500*time.Millisecond, 20*time.Second)
	for _, l := range w.faults {
		if l.where == "meeting" && (l.how == late || l.how == gatewayLate) {
			for_ = max(0, min(for_, shownBy-l.delay))
		}
	}
	w.meetings.Fault(meetingsim.Fault{Kind: meetingsim.FaultLag, Delay: for_})
	w.troubleUntil(w.began.Add(w.horizon))
	w.count("the details lag behind")
	w.chance.note("lag: for %s the details show what the first meeting cancel removes", for_)
}

// waitFault has the meeting service ask for more than a minute, and people stop that wait, undo, or
// let it pass.
func (w *world) waitFault() {
	if w.real {
		return // it would take minutes
	}
	l := w.aim("wait", "meeting", pickWeighted(w.chance, "wait/where", []weighted[string]{{3, "cancel"}, {1, "detail"}}), wait429)
	l.held.Store(true)
	l.times = 1 + w.chance.number("wait/times", 3)
	l.delay = pick(w.chance, "wait/for", 30*time.Second, 65*time.Second, 90*time.Second, 150*time.Second)
	l.to = w.began.Add(4 * w.horizon)
	w.chance.note("wait: from the first confirmation on, meeting %s asks to wait for %s, %d times", l.place, l.delay, l.times)
	l.then = func(string) {
		if w.chance.happens("wait/stop", 0.6) {
			w.later("wait/stop", 0, l.delay+2*time.Second, func() {
				w.pressAny("wait/stop", pick(w.chance, "wait/stop/who", ana, bob, carol, dave), "stop_waiting")
			})
		}
		if w.chance.happens("wait/last", 0.4) {
			w.later("wait/last", l.delay-time.Second, l.delay+time.Second, func() { w.pressAny("wait/last", pick(w.chance, "wait/last/who", ana, bob), "stop_waiting") })
		}
		if w.chance.happens("wait/dies", 0.3) {
			w.later("wait/dies", 0, l.delay+2*time.Second, func() {
				w.die("wait/dies", w.slots[0], w.chance.between("wait/dies/for", time.Millisecond, 20*time.Second))
			})
		}
	}
}

// regretFault has the first call refused for now. While it is under way, or waits, someone presses
// Undo, which their Slack still shows.
func (w *world) regretFault() {
	if w.config.UndoWindow == 0 {
		w.config.UndoWindow = w.chance.between("regret/window", time.Second, 5*time.Second)
	}
	l := w.aim("regret", "meeting", "cancel", wait429)
	l.times = 1 + w.chance.number("regret/times", 2)
	l.delay = w.chance.between("regret/for", time.Second, 20*time.Second)
	who := pick(w.chance, "regret/who", ana, bob, carol)
	l.then = func(meeting string) {
		w.later("regret/press", 0, 1500*time.Millisecond, func() { w.regret(who, meeting) })
	}
	w.troubleUntil(w.began.Add(w.horizon))
	w.chance.note("regret: meeting cancel asks to wait for %s, %d times; meanwhile @%s presses Undo", l.delay, l.times, who)
}

// regret has a person press Undo on the card that was last confirmed about a meeting.
func (w *world) regret(person, meeting string) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	for _, a := range slices.Backward(acts) {
		if !a.confirms() || !slices.Contains(aboutMeetings(a.shown), meeting) {
			continue
		}
		if m, there := w.slack.Message(a.ref); there {
			w.pressEarlier("regret/press", person, m, a.request, "undo")
		}
		return
	}
}

// pressAny presses a person's newest button with the given action, if there is one.
func (w *world) pressAny(name, person, action string) {
	for _, b := range w.buttons(person) {
		if b.ActionID == action {
			w.press(name, person, b)
			return
		}
	}
}

// doubtFault has the first call lost and the meeting unreadable until the card says that the outcome
// is unknown. Meanwhile the meeting changes, and as soon as it can be read a person checks again.
func (w *world) doubtFault() {
	if w.real {
		return // a call stays in doubt for half a minute
	}
	l := w.aim("doubt", "meeting", "cancel", pick(w.chance, "doubt/how", lost, hangs))
	l.times = 1
	look := w.link("doubt/look", "meeting", "detail", status503p)
	look.times = 1000
	long := w.chance.between("doubt/for", 32*time.Second, 55*time.Second)
	l.then = func(meeting string) {
		look.to = time.Now().Add(long)
		look.arm(w)
		w.troubleUntil(look.to)
		w.later("doubt/change", time.Second, long, func() {
			w.changeMeeting(meeting, pick(w.chance, "doubt/what", "renamed", "moved", "started"))
		})
		w.later("doubt/check", long, long+5*time.Second, func() { w.pressAny("doubt/check", pick(w.chance, "doubt/who", ana, bob, carol), "check_again") })
	}
	w.chance.note("doubt: the first meeting cancel %s, and its meeting can't be read for %s, while it changes", l.how, long)
}

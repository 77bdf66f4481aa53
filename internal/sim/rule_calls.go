package sim

import (
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/store"
)

// checkCalls: whatever is removed was confirmed by a person who was allowed to, on facts that
// were shown, and at most once per confirmation. Whatever was undone in time is not removed,
// and no call is repeated blindly.
func (w *world) checkCalls(r record) {
	w.mu.Lock()
	calls, acts, changes := slices.Clone(w.calls), slices.Clone(w.acts), slices.Clone(w.changes)
	w.mu.Unlock()
	presses := map[string][]*act{} // confirming clicks, by the meetings on their cards
	for _, a := range acts {
		for _, meeting := range aboutMeetings(a.shown) {
			if _, known := r.requests[a.request]; known && a.confirms() {
				presses[meeting] = append(presses[meeting], a)
			}
		}
	}
	journal := w.meetings.Journal()
	for _, e := range w.removals("") {
		arrived := journal[e.Call].At
		var good []*act
		why := "it had not been confirmed"
		for _, a := range presses[e.Meeting] {
			switch {
			case !a.at.Before(arrived):
			case !w.mayConfirm(a, r.requests[a.request].Asker, acts, arrived) || w.withinLeadTime(a, e.Meeting, arrived):
				why = "@" + a.person + " wasn't allowed to confirm it"
			case w.undone(a, acts):
				why = "it was undone in time"
			default:
				good = append(good, a)
			}
		}
		if len(good) == 0 {
			w.fail("a: unconfirmed call", "meeting %s was removed at %s, but %s", e.Meeting, w.clock(e.At), why)
			continue
		}
		w.checkFacts(e, good, calls, changes)
		w.checkStale(r, e, arrived, good)
	}
	w.checkRepeats(calls, presses)
	w.checkUndone(r, acts)
}

// undone reports whether an Undo of the confirmation was made in time and acked.
func (w *world) undone(press *act, acts []*act) bool {
	return slices.ContainsFunc(acts, func(a *act) bool {
		acked, ok := a.ackedAt()
		return a.what == "undo" && a.request == press.request && ok && a.at.After(press.at) && w.canUndo(a) && !w.clockSetBetween(press.at, acked) &&
			acked.Sub(press.at) < w.surelyUndo(press) && firstPress(press, acts)
	})
}

// firstPress reports whether press was the first confirmation of its request: the undo window
// starts with the click that won, which is the one stored first.
func firstPress(press *act, acts []*act) bool {
	return !slices.ContainsFunc(acts, func(a *act) bool {
		return a != press && a.confirms() && a.request == press.request && a.at.Before(press.at)
	})
}

func (w *world) canUndo(a *act) bool {
	return a.person != dave && a.person != eve && !w.everLost(a.person, leavesGroup, deactivated, newAddress, madeGuest) && !slices.ContainsFunc(w.settingsBetween(a.at, a.at.Add(time.Hour)), func(c config.Config) bool {
		return a.person == bob && !slices.Contains(c.AllowUsers, bob) && len(c.AllowUsergroups) == 0
	})
}

// surelyUndo returns how long a click could at least be undone, whichever process has worked on it.
func (w *world) surelyUndo(press *act) time.Duration {
	shortest := time.Hour
	for _, c := range w.settingsBetween(press.at, press.at.Add(time.Minute)) {
		shortest = min(shortest, undoWindow(c, press.what))
	}
	return shortest
}

// saysItEnds reports whether the card said that the meeting would end for its participants.
func saysItEnds(a *act) bool {
	return a.what == "end_meeting" || strings.Contains(a.shown, "it ends for everyone") || strings.Contains(a.shown, "ends at once for everyone")
}

// mayConfirm reports whether a person was allowed to confirm: those on the list, the owner and
// the owner's delegate may, but not the asker if a second person is required.
func (w *world) mayConfirm(a *act, asker string, acts []*act, until time.Time) bool {
	switch {
	case a.person == dave && !delegatedBefore(a, acts), w.isOutside(a.person):
		return false
	case a.person != asker:
		return true
	}
	return slices.ContainsFunc(w.settingsBetween(a.at, until), func(c config.Config) bool { return !needsSecond(c.SecondPerson, a) })
}

// needsSecond reports whether another person than the asker has to confirm.
func needsSecond(rule cancellation.SecondPerson, a *act) bool {
	switch rule {
	case cancellation.SecondAlways:
		return true
	case cancellation.SecondMany:
		return a.what == "cancel_ticked" && len(aboutMeetings(a.shown)) > 1
	case cancellation.SecondEnd:
		return a.what != "cancel_occurrences" && saysItEnds(a) // the ticked date may be another one
	case cancellation.SecondSeries:
		return a.what == "cancel_series"
	}
	return false
}

// withinLeadTime reports whether only people on the list were allowed to cancel the meeting at the
// click, because it was about to begin: its start, which the service gives in minutes, hadn't
// passed. The rest of a series may be further away once its first date is removed.
func (w *world) withinLeadTime(a *act, meeting string, until time.Time) bool {
	if slices.ContainsFunc(w.settingsBetween(a.at, until), func(c config.Config) bool { return c.LeadTime == 0 }) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, started := w.started[meeting]
	later := slices.ContainsFunc(w.changes, func(c change) bool { return c.meeting == meeting && c.removes() }) ||
		slices.ContainsFunc(w.removals(meeting), func(e meetingsim.Effect) bool { return e.At.Before(a.at) })
	m, known := w.meetings.Meeting(meeting)
	passed := known && !a.at.Before(m.Start.Truncate(time.Minute))
	return !started && !passed && !later && (a.person == carol || a.person == dave) && a.what != "cancel_occurrences"
}

// delegatedBefore reports whether the owner had delegated before the click.
func delegatedBefore(a *act, acts []*act) bool {
	return slices.ContainsFunc(acts, func(let *act) bool {
		return let.window && let.what == "delegate_window" && let.person == carol && let.at.Before(a.at)
	})
}

// checkUndone: an Undo in time means that nothing is removed.
func (w *world) checkUndone(r record, acts []*act) {
	for _, press := range acts {
		if !press.confirms() || !w.undone(press, acts) {
			continue
		}
		q, known := r.requests[press.request]
		if known && q.State == cancellation.Done && q.Outcome.Removed() {
			w.fail("b: undo", "request %s was undone in time, but is %s", short(press.request), q.Outcome)
		}
		if known && q.State == cancellation.Done && q.Outcome != cancellation.Gone {
			w.fail("b: undo", "request %s was undone in time, but is %s (%s)", short(press.request), q.Outcome, q.Why)
		}
	}
	w.checkStopped(r, acts)
}

// checkStopped: once a person has pressed Stop, no call begins, neither their request's nor that of
// one of several. After an Undo, however late, none is repeated.
func (w *world) checkStopped(r record, acts []*act) {
	for _, a := range acts {
		acked, ok := a.ackedAt()
		if !slices.Contains(buttonsOf[store.EventUndone], a.what) || !ok || !w.canUndo(a) {
			continue
		}
		if a.what == "stop_waiting" {
			w.count("a wait stopped")
		}
		stopped := w.serviceTimeOf(acked).Add(w.allowance())
		begun := map[cancellation.ID]bool{}
		for _, row := range r.audit {
			about := string(row.Request)
			if row.Event != store.EventCalling || about != a.request && string(r.requests[about].Parent) != a.request {
				continue
			}
			if row.At.After(stopped) && (a.what == "stop_waiting" || begun[row.Request]) {
				w.fail("b: stopped", "request %s was stopped at %s, but a call began at %s", short(a.request), w.clock(a.at), w.clock(row.At))
			}
			begun[row.Request] = true
		}
	}
}

// checkStale: the first call doesn't begin long after its confirmation. A call that began in
// time and got lost may be repeated later.
func (w *world) checkStale(r record, e meetingsim.Effect, arrived time.Time, good []*act) {
	if !slices.ContainsFunc(good, func(a *act) bool {
		at, arrived := a.at, arrived
		if acked, ok := a.ackedAt(); ok {
			at = acked
		}
		for _, row := range r.audit {
			if row.Event == "calling" && row.Meeting == e.Meeting && row.At.After(a.at) && row.At.Before(arrived) {
				arrived = row.At
			}
		}
		return slices.ContainsFunc(w.settingsBetween(a.at, e.At), func(c config.Config) bool {
			return arrived.Sub(at) <= undoWindow(c, a.what)+c.ConfirmTTL+stepTakes+w.allowance()
		})
	}) {
		w.fail("a: stale", "meeting %s was removed at %s, long after it was confirmed", e.Meeting, w.clock(e.At))
	}
}

// stepTakes is how long a step that began in time may take.
const stepTakes = 25 * time.Second

// checkFacts: the removed meeting is the one that the card showed, as far as the service could
// be asked.
func (w *world) checkFacts(e meetingsim.Effect, good []*act, calls []*call, changes []change) {
	var killer *call
	for _, c := range calls {
		if c.place == "cancel" && c.meeting == e.Meeting && c.status == 200 && !c.done.Before(e.At) && (killer == nil || c.done.Before(killer.done)) {
			killer = c
		}
	}
	if killer == nil {
		w.fail("harness", "no known call removed meeting %s at %s", e.Meeting, w.clock(e.At))
		return
	}
	if e.Kind == meetingsim.EffectEnd && !slices.ContainsFunc(good, saysItEnds) {
		w.fail("a: ended", "meeting %s was ended, but no confirming button said so", e.Meeting)
	}
	shown := slices.ContainsFunc(good, func(a *act) bool { return strings.Contains(a.shown, killer.version) })
	// It was changed after the last read, or it was never shown. Another click may have read it
	// again since the click that relies on its own reading.
	read := time.Time{}
	for _, c := range calls {
		recent := read.After(killer.at.Add(-reliedOn))
		if c.place == "detail" && c.meeting == e.Meeting && c.answered && c.status == 200 && c.done.Before(killer.at) && c.done.After(read) && !recent {
			read = c.done
		}
	}
	if slices.ContainsFunc(changes, func(c change) bool { return c.meeting == e.Meeting && c.at.After(read) && c.at.Before(e.At) }) {
		return
	}
	w.checkDates(e, good)
	if !shown {
		w.fail("a: other facts", "meeting %s was removed as %q, which no confirmed card showed", e.Meeting, killer.version)
	}
}

// checkRepeats: between two calls for one confirmation the meeting is read. A call refused
// because of its token doesn't count.
func (w *world) checkRepeats(calls []*call, presses map[string][]*act) {
	unread := map[string][]*call{} // calls since the meeting was last read
	for _, c := range calls {
		if c.meeting == "" {
			continue
		}
		switch {
		case c.place == "cancel" && c.status == 401:
		case c.place == "cancel":
			unread[c.meeting] = append(unread[c.meeting], c)
			requests := map[string]bool{}
			for _, a := range presses[c.meeting] {
				requests[a.request] = requests[a.request] || a.at.Before(c.at)
			}
			if n := len(unread[c.meeting]); n > 1 && n > len(requests) {
				w.fail("a: blind repeat", "meeting %s: the call at %s was repeated at %s without reading the meeting in between",
					c.meeting, w.clock(unread[c.meeting][n-2].at), w.clock(c.at))
			}
		case c.place == "detail" && c.answered:
			delete(unread, c.meeting)
		}
	}
}

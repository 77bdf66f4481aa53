package sim

import (
	"slices"
	"strings"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// countOutcomes counts how the requests ended.
func (w *world) countOutcomes(r record) {
	for _, q := range r.requests {
		switch q.State {
		case cancellation.Done:
			w.count("outcome " + string(q.Outcome))
		default:
			w.count("state " + string(q.State))
		}
		if q.AskAgain != "" {
			w.count("asked again: " + string(q.AskAgain))
		}
		if q.State == cancellation.Declined && q.ConfirmedBy != "" {
			w.count("undone")
		}
		if q.Unanswered > 0 {
			w.count("settled by looking")
		}
		if q.Effects[cancellation.CallEffect].Attempts > 1 {
			w.count("call repeated")
		}
	}
	for _, q := range r.requests {
		w.countKinds(q)
	}
	for _, row := range r.audit {
		switch row.Event {
		case "delegated", "delegation_used", "delegation_revoked", "delegation_expired", "muted", "invited", "blanked", "undo_late":
			w.count("audit " + string(row.Event))
		}
	}
	w.countShown()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.acts {
		if r.requests[a.request].Batch != nil {
			w.met["several: "+a.what]++
		}
	}
	w.met["struck"] = int(w.struck.Load())
	if w.duplicates {
		w.met["duplicate delivered"]++
	}
}

// countKinds counts the kinds of requests.
func (w *world) countKinds(q store.Request) {
	switch {
	case q.Batch != nil:
		w.count(strings.TrimSpace("several " + string(q.State) + " " + string(q.Outcome)))
	case q.Parent != "":
		w.count(strings.TrimSpace("one of several " + string(q.State) + " " + string(q.Outcome)))
	case q.For != "":
		w.count("question " + string(q.State))
	case q.From != "":
		w.count("chosen")
	}
	if q.Telling.Told > 0 {
		w.count("invited told")
	}
	if q.Reason != "" {
		w.count("reason")
	}
	if q.Number == room {
		w.count("a meeting in a room")
	}
}

// countShown counts what people read.
func (w *world) countShown() {
	for _, sh := range w.slack.Shown(0) {
		if sh.Message == nil {
			continue
		}
		text := sh.Message.Plain()
		for what, words := range map[string]string{
			"lost race": "has already been answered", "undo too late": "It was too late to undo", "page turned": "The card has moved on",
			"told when back": "Too much time has passed since", "could not be stored": "couldn't be accepted", "wait for the service": "Waiting for the meeting service",
			"too many ticked": "One card may cancel only",
			"stays true":      "while this card was open",
		} {
			if strings.Contains(text, words) {
				w.count(what)
			}
		}
	}
}

// sometimes lists what a long enough run must hit at least once: a check that never runs proves
// nothing.
func sometimes() (all []string) {
	for where, list := range hows {
		for _, w := range list {
			all = append(all, where+" "+w.it+" struck")
		}
	}
	all = append(all,
		"process dies", "process dies at a place", "process freezes", "process stops", "process is updated", "clock set",
		"network warning", "network refresh_requested", "network fin", "network rst", "network silence", "network slack", "network meeting",
		"elsewhere renamed", "elsewhere moved", "elsewhere started", "elsewhere ended", "elsewhere removed", "elsewhere "+dateLess, "elsewhere "+dateMoved, "elsewhere "+dateMore, "a date removed",
		"outcome cancelled", "outcome ended", "outcome gone", "outcome refused", "outcome failed", "state declined", "state expired",
		"state superseded", "undone", "settled by looking", "asked again: changed", "call repeated", "duplicate delivered", "lost race",
		"several asked", "several declined", "several done cancelled", "one of several done cancelled", "question declined", "question done", "question expired",
		"chosen", "invited told", "reason", "audit delegated", "audit muted", "audit undo_late", "undo too late", "could not be stored", "stays true", "told when back",
		"a call outlives its process", cardDeleted, botRemoved, archived, "home_meeting", "a date typed", "a shortcut used",
		leavesGroup, deactivated, newAddress, madeGuest, tokenRevoked, "set "+ownerMapped, "audit delegation_revoked", "audit delegation_expired", "audit blanked",
		"db is full struck", "a wait stopped", "the details lag behind", "something else typed", "said to be unchanged",
		"stops at meeting cancel", "stops at db COMMIT",
		"meeting is at its limit", "slack is at its limit", "meeting "+status423+" struck", "a meeting in a room",
		"meeting "+raced+" struck", "meeting "+starting+" struck", "several: check_again", "several: stop_waiting",
		outsiderPressed, memberPressed, "too many ticked",
	)
	for _, s := range newSettings {
		all = append(all, "set "+s.it.text)
	}
	return all
}

// neverMet returns what a run has not hit.
func neverMet(met map[string]int) (all []string) {
	return slices.DeleteFunc(sometimes(), func(what string) bool { return met[what] > 0 })
}

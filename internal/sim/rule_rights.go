package sim

import (
	"slices"
	"strings"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkRights: the person who confirmed still had the right to when their click was worked on, and
// a person who had lost it was told so.
func (w *world) checkRights(r record) {
	for _, row := range r.audit {
		q := r.requests[string(row.Request)]
		if row.Event != store.EventConfirmed || q.Parent != "" {
			continue // a part is confirmed together with its card
		}
		if why := w.lacks(row.Actor, r, row); why != "" {
			w.fail("h: right", "@%s confirmed request %s at %s, but %s", row.Actor, short(string(row.Request)), w.clock(row.At), why)
		}
	}
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	for _, a := range acts {
		w.checkRefused(a)
	}
}

// lacks says why a person could not confirm when a row was written; empty if they could.
func (w *world) lacks(person string, r record, row store.AuditRow) string {
	switch {
	case w.isOutside(person):
		return "is of another organisation"
	case person == eve && !w.isNamed(eve, row.At):
		return "was no longer in ALLOW_USERS"
	case w.hadLost(person, row.At, deactivated):
		return "was deactivated"
	case w.hadLost(person, row.At, madeGuest):
		return "had become a guest"
	case person == dave && !slices.ContainsFunc(r.audit, func(use store.AuditRow) bool {
		return use.Event == store.EventDelegationUsed && use.Actor == dave && use.Detail["request"] == string(row.Request)
	}):
		return "used no delegation"
	case person == dave && w.hadLost(carol, row.At, madeGuest):
		return "the owner, who let him, had become a guest"
	case person == carol && w.hadLost(carol, row.At, newAddress):
		return "no longer had the owner's address"
	case person == bob && w.hadLost(bob, row.At, leavesGroup) && !w.isNamed(bob, row.At):
		return "had left the user group"
	case person == bob && !w.isListed(bob, row.At):
		return "was no longer in ALLOW_USERS"
	}
	return ""
}

// hadLost reports whether a person had lost something, at a time on the service's clock, for so long
// that the service had to know.
func (w *world) hadLost(person string, at time.Time, what string) bool {
	return slices.ContainsFunc(w.losses, func(l loss) bool {
		return l.person == person && l.what == what && at.After(w.serviceTimeOf(l.from).Add(w.staleRights(l, at))) && (l.to.IsZero() || at.Before(w.serviceTimeOf(l.to).Add(-w.allowance())))
	})
}

// staleRights is how long a right may still count after it was lost: readings of people may be
// two seconds old, or a minute if Slack doesn't answer, and a step takes at most ten seconds.
func (w *world) staleRights(l loss, at time.Time) time.Duration {
	if w.calm(l.from.Add(-outlasts), at) {
		return 3 * time.Second
	}
	return 75*time.Second + w.allowance()
}

// outlasts is how long after a fault something that it struck may still be waiting.
const outlasts = 15 * time.Second

// calm reports whether nothing has gone wrong between two times that delays a look-up or what follows it.
func (w *world) calm(from, to time.Time) bool {
	return !slices.ContainsFunc(w.faults, func(l *fault) bool {
		return l.where != "meeting" && l.from.Before(to) && l.to.After(from) && w.met[l.where+" "+l.how+" struck"] > 0
	}) &&
		w.met["process freezes"] == 0 && w.met[tokenRevoked] == 0 && w.met["slack is at its limit"] == 0 && w.met["network slack"] == 0 && len(w.set) == 0
}

// settingsAt returns the configurations that some process may have had at a time on the service's
// clock.
func (w *world) settingsAt(at time.Time) []config.Config {
	inexact := time.Second + w.allowance()
	return w.settingsBetween(at.Add(-inexact), at.Add(inexact))
}

// isNamed reports whether ALLOW_USERS may have had a person at that time.
func (w *world) isNamed(person string, at time.Time) bool {
	return slices.ContainsFunc(w.settingsAt(at), func(c config.Config) bool { return slices.Contains(c.AllowUsers, person) })
}

// isListed is isNamed, or a user group of that time.
func (w *world) isListed(person string, at time.Time) bool {
	return w.isNamed(person, at) || slices.ContainsFunc(w.settingsAt(at), func(c config.Config) bool { return len(c.AllowUsergroups) > 0 })
}

// checkRefused: a person who clicked although they had lost the right is told something.
func (w *world) checkRefused(a *act) {
	_, acked := a.ackedAt()
	lost := w.isOutside(a.person) || slices.ContainsFunc([]string{leavesGroup, newAddress, madeGuest}, func(what string) bool { return w.hadLost(a.person, w.serviceTimeOf(a.at), what) })
	if !a.confirms() || !acked || !lost {
		return
	}
	w.count("clicked without the right")
	if !slices.ContainsFunc(w.slack.Shown(0), func(sh slacksim.Change) bool {
		m := sh.Message
		return m != nil && !sh.At.Before(a.at) && (m.EphemeralFor == a.person || m.Channel == w.slack.DM(a.person) && m.User == "U0BOT")
	}) {
		w.fail("h: refused", "@%s clicked %s of %s at %s, had no right to, and was told nothing", a.person, a.what, short(a.request), w.clock(a.at))
	}
}

// checkDelegations: a delegation that was taken back lets nobody confirm and no call begin,
// and the receiver is told that it is over.
func (w *world) checkDelegations(r record) {
	over := map[string]store.AuditRow{}
	for _, row := range r.audit {
		id := string(row.Request)
		switch row.Event {
		case store.EventDelegated:
			delete(over, id)
			w.checkTurnedOff(row, "DELEGATION_MAX", func(c config.Config) bool { return c.DelegationMax == 0 })
		case store.EventDelegationRevoked, store.EventDelegationExpired:
			over[id] = row
		case store.EventDelegationUsed:
			w.checkTurnedOff(row, "DELEGATION_MAX", func(c config.Config) bool { return c.DelegationMax == 0 })
			if end, ended := over[id]; ended {
				w.fail("h: taken back", "delegation %s was used at %s, but was over at %s", short(id), w.clock(row.At), w.clock(end.At))
			}
		case store.EventCalling:
			if end, ended := over[string(r.requests[id].Delegation)]; ended && end.Event == store.EventDelegationRevoked {
				w.fail("h: taken back", "a call for request %s began at %s, but its delegation was taken back at %s", short(id), w.clock(row.At), w.clock(end.At))
			}
		}
	}
	for id, row := range over {
		receiver := row.Detail["receiver"]
		if !w.everLost(receiver, deactivated) && !slices.ContainsFunc(w.slack.DMs(receiver), func(m slacksim.Message) bool {
			return strings.HasPrefix(effectOf(m), id+"/delegation/") && strings.Contains(m.Plain(), "no longer lets you")
		}) {
			w.fail("h: delegation over", "%s: delegation %s was over at %s, but @%s was not told", row.Event, short(id), w.clock(row.At), receiver)
		}
	}
	w.checkTakenBack(over)
}

// checkTakenBack: after Remove the delegation is over.
func (w *world) checkTakenBack(over map[string]store.AuditRow) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	for _, a := range acts {
		if _, acked := a.ackedAt(); a.what != "delegate_remove" || !acked || w.everLost(a.person, madeGuest) {
			continue
		}
		if _, ended := over[a.value]; !ended {
			w.fail("h: not taken back", "@%s pressed Remove of delegation %s at %s, but it still stands", a.person, short(a.value), w.clock(a.at))
		}
	}
}

// checkTurnedOff: nothing is done that was turned off.
func (w *world) checkTurnedOff(row store.AuditRow, setting string, off func(config.Config) bool) {
	all := w.settingsAt(row.At)
	if !slices.ContainsFunc(all, func(c config.Config) bool { return !off(c) }) {
		w.fail("h: turned off", "%s at %s, although %s doesn't allow it", row.Event, w.clock(row.At), setting)
	}
}

// checkSettings: after a restart with another configuration, that one applies.
func (w *world) checkSettings(r record) {
	for _, row := range r.audit {
		q := r.requests[string(row.Request)]
		switch {
		case q.Supersedes != "": // a question that was asked before
		case row.Event == store.EventAskOwner:
			w.checkTurnedOff(row, "ASK_OWNER", func(c config.Config) bool { return !c.AskOwner })
		case row.Event == store.EventAsked && q.Batch != nil:
			w.checkTurnedOff(row, "MANY_MAX", func(c config.Config) bool { return c.ManyMax < len(q.Batch.Items) })
		}
		if row.Event == store.EventConfirmed && q.Parent == "" && q.Batch != nil {
			w.checkTurnedOff(row, "MANY_MAX", func(c config.Config) bool { return c.ManyMax < len(q.Batch.Ticked()) })
		}
		if row.Event == store.EventAsked && q.Supersedes == "" || row.Event == store.EventConfirmed && q.Parent == "" {
			w.checkTurnedOff(row, "ALLOW_CHANNELS", func(c config.Config) bool {
				return len(c.AllowChannels) > 0 && !slices.Contains(c.AllowChannels, q.Channel)
			})
		}
	}
}

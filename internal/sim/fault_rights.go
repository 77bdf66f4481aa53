package sim

import (
	"slices"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// What can take a right away while a card is open.
const (
	leavesGroup = "leaves the user group"
	deactivated = "is deactivated"
	newAddress  = "gets another e-mail address"
	madeGuest   = "becomes a guest"
)

// ownerMapped is an operator's cure for an owner's [newAddress].
const ownerMapped = "OWNER_MAP with the owner"

// A loss is what a person has lost, perhaps only for a while.
type loss struct {
	person, what string
	from, to     time.Time // to is zero if it lasts
	mapped       time.Time // since when every process has [ownerMapped]; zero if one may not
}

// rightsFault takes a right away from a person, who often has a card open and presses it.
func (w *world) rightsFault() {
	l := pickWeighted(w.chance, "right/what", []weighted[loss]{
		{4, loss{person: bob, what: leavesGroup}},
		{2, loss{person: bob, what: deactivated}},
		{2, loss{person: dave, what: deactivated}},
		{2, loss{person: carol, what: deactivated}},
		{4, loss{person: carol, what: newAddress}},
		{2, loss{person: bob, what: madeGuest}},
		{1, loss{person: dave, what: madeGuest}},
		{2, loss{person: carol, what: madeGuest}},
	})
	if l.what == leavesGroup {
		w.config.AllowUsers, w.config.AllowUsergroups = config.IDs{ana}, config.IDs{group}
	}
	at := max(10*time.Second, w.when("right/when"))
	for_ := w.chance.between("right/for", 5*time.Second, 40*time.Second)
	back := w.chance.happens("right/back", 0.25)
	mapped := l.what == newAddress && !back && w.chance.happens("right/mapped", 0.7)
	w.chance.note("right: @%s %s at %s; it ends after %s: %t", l.person, l.what, w.clock(w.began.Add(at)), for_, back)
	if mapped {
		w.bookOnce(forLoser)
	}
	if l.person == dave && w.chance.happens("right/delegation", 0.7) {
		w.delegate("right/delegation", at-9*time.Second)
	}
	if w.chance.happens("right/ask", 0.7) {
		before := w.chance.between("right/ask/before", 500*time.Millisecond, 4*time.Second)
		w.bookOnce(forLoser)
		w.after(at-before, func() { w.typeLine(l.person, general, "/cancel-meeting "+number(forLoser)) })
	}
	w.after(at, func() {
		w.struck.Add(1)
		w.count(l.what)
		w.lose(l)
		if w.chance.happens("right/press", 0.7) {
			w.later("right/press", 0, 30*time.Second, func() { w.pressSomething("right/press", l.person) })
		}
		if w.chance.happens("right/own", 0.5) {
			w.later("right/own", 3*time.Second, 10*time.Second, func() { w.pressIn("right/own", l.person, general, "cancel_meeting", "end_meeting", "cancel_series") })
		}
		if back {
			time.Sleep(for_)
			w.giveBack(l)
		}
		if mapped {
			time.Sleep(for_)
			w.mapOwner(l.person)
		}
	})
	if (l.what == deactivated || l.what == madeGuest) && w.chance.happens("right/just before", 0.7) { // it is worked on afterwards
		w.after(at-w.chance.between("right/just before/by", time.Millisecond, 40*time.Millisecond), func() { w.pressSomething("right/just before", l.person) })
	}
}

func (w *world) lose(l loss) {
	w.tell("right: @%s %s", l.person, l.what)
	u := userOf(l.person)
	switch l.what {
	case leavesGroup:
		w.slack.AddUserGroup(group, []string{ana})
	case deactivated:
		u.Deleted = true
		w.slack.AddUser(u)
	case newAddress:
		u.Email = "new-" + u.Email
		w.slack.AddUser(u)
	case madeGuest:
		u.Restricted = true
		w.slack.AddUser(u)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	l.from = time.Now()
	w.losses = append(w.losses, l)
}

func (w *world) giveBack(l loss) {
	w.tell("right: it ends")
	w.slack.AddUserGroup(group, []string{bob})
	w.slack.AddUser(userOf(l.person))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.losses[len(w.losses)-1].to = time.Now()
}

// mapOwner restarts the service with a person's meeting account in OWNER_MAP. Then the meeting is asked
// about and cancelled.
func (w *world) mapOwner(person string) {
	w.count("set " + ownerMapped)
	w.tell("right: %s", ownerMapped)
	u := userOf(person)
	name := pick(w.chance, "right/mapped/by", "uuid-"+u.Name, u.Name+"@corp")
	to := pick(w.chance, "right/mapped/to", person, "new-"+u.Email)
	since := time.Now()
	w.reconfigure("right/mapped", func(c *config.Config) { c.Owners = config.Owners{name: to} }, w.chance.unit("right/mapped/dies") < 0.3, w.chance.between("right/mapped/pause", time.Millisecond, 4*time.Second))
	w.mu.Lock()
	w.losses[len(w.losses)-1].to, w.losses[len(w.losses)-1].mapped = since, time.Now()
	w.mu.Unlock()
	asker := pick(w.chance, "right/mapped/who", ana, person)
	w.later("right/mapped/ask", 0, 5*time.Second, func() {
		w.typeLine(asker, general, "/cancel-meeting "+number(forLoser))
		w.later("right/mapped/press", firstFrom, firstTo, func() {
			w.pressIn("right/mapped/press", asker, general, "cancel_meeting", "end_meeting", "cancel_series")
		})
	})
}

func userOf(person string) slacksim.User {
	return people[slices.IndexFunc(people, func(u slacksim.User) bool { return u.ID == person })]
}

// isAway reports whether a person is deactivated now, and can do nothing in Slack.
func (w *world) isAway(person string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.losses, func(l loss) bool { return l.person == person && l.what == deactivated && l.to.IsZero() })
}

// seeAll lets the rules see what deactivated people would.
func (w *world) seeAll() {
	for _, u := range people {
		w.slack.AddUser(u)
	}
}

// ownerUnfindable reports whether Carol may have been impossible to find in Slack, at some time since a
// request was asked.
func (w *world) ownerUnfindable(q store.Request) bool {
	return slices.ContainsFunc(w.losses, func(l loss) bool {
		return l.person == carol && (l.what == deactivated || l.what == newAddress && (l.mapped.IsZero() || q.CreatedAt.Before(w.serviceTimeOf(l.mapped).Add(w.allowance()))))
	})
}

// everLost reports whether a person lost something at some time.
func (w *world) everLost(person string, what ...string) bool {
	return slices.ContainsFunc(w.losses, func(l loss) bool { return l.person == person && slices.Contains(what, l.what) })
}

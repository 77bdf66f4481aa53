package sim

import (
	"slices"
	"strconv"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
	"meetingbot/internal/meetingsim"
)

// A reconfiguration is another configuration and since when processes start with it. Until
// goneAt, one with an earlier configuration may be running.
type reconfiguration struct {
	config       config.Config
	from, goneAt time.Time
}

// A newSetting is what an operator changes.
type newSetting struct {
	text string
	set  func(*config.Config)
}

var newSettings = []weighted[newSetting]{
	{3, newSetting{"ALLOW_USERS without Bob", func(c *config.Config) { c.AllowUsers, c.AllowUsergroups = config.IDs{ana}, nil }}},
	{2, newSetting{"SECOND_PERSON=always", func(c *config.Config) { c.SecondPerson = cancellation.SecondAlways }}},
	{1, newSetting{"SECOND_PERSON=never", func(c *config.Config) { c.SecondPerson = cancellation.SecondNever }}},
	{1, newSetting{"UNDO_WINDOW=0s", func(c *config.Config) { c.UndoWindow = 0 }}},
	{1, newSetting{"UNDO_WINDOW=15s", func(c *config.Config) { c.UndoWindow = 15 * time.Second }}},
	{1, newSetting{"CONFIRM_TTL=20s", func(c *config.Config) { c.ConfirmTTL = 20 * time.Second }}},
	{1, newSetting{"CONFIRM_TTL=15m", func(c *config.Config) { c.ConfirmTTL = 15 * time.Minute }}},
	{3, newSetting{askOwnerOff, func(c *config.Config) { c.AskOwner = false }}},
	{6, newSetting{oneAtATime, func(c *config.Config) { c.ManyMax = 1 }}},
	{3, newSetting{delegationOff, func(c *config.Config) { c.DelegationMax = 0 }}},
	{3, newSetting{elsewhereOnly, func(c *config.Config) { c.AllowChannels = config.IDs{foreign} }}},
	{3, newSetting{leadTimeOn, func(c *config.Config) { c.LeadTime = leadTime }}},
}

const (
	askOwnerOff   = "ASK_OWNER=off"
	delegationOff = "DELEGATION_MAX=0"
	elsewhereOnly = "ALLOW_CHANNELS without the one in use"
	leadTimeOn    = "LEAD_TIME=30h"
	oneAtATime    = "MANY_MAX=1"
)

// configFault restarts the service with another configuration.
func (w *world) configFault() {
	at := w.when("config/when")
	pause := w.chance.between("config/pause", time.Millisecond, 4*time.Second)
	dies := w.chance.unit("config/dies") < 0.3
	var changes []newSetting
	for i := range 1 + w.chance.number("config/times", 2) {
		changes = append(changes, pickWeighted(w.chance, "config/what/"+strconv.Itoa(i), newSettings))
	}
	for _, c := range changes {
		w.chance.note("config: from %s on: %s", w.clock(w.began.Add(at)), c.text)
		w.useSetting(c, at)
	}
	w.after(at, func() {
		w.reconfigure("config", func(c *config.Config) {
			for _, n := range changes {
				n.set(c)
				w.count("set " + n.text)
				w.tell("config: %s", n.text)
			}
		}, dies, pause)
	})
}

// reconfigure restarts the service with another configuration.
func (w *world) reconfigure(name string, set func(*config.Config), dies bool, pause time.Duration) {
	next := w.settings()
	set(&next)
	w.mu.Lock()
	n := len(w.changed)
	w.changed = append(w.changed, reconfiguration{config: next, from: time.Now()})
	w.mu.Unlock()
	for _, s := range w.slots {
		if dies {
			w.die(name, s, pause)
		} else {
			w.stop(name, s, pause)
		}
	}
	w.mu.Lock()
	w.changed[n].goneAt = time.Now()
	w.mu.Unlock()
}

// useSetting has people use what is turned off or no longer allowed.
func (w *world) useSetting(c newSetting, at time.Duration) {
	switch {
	case c.text == delegationOff && w.chance.happens("config/delegation", 0.95):
		w.delegate("config/delegation", max(time.Second, at-9*time.Second))
	case (c.text == elsewhereOnly || c.text == leadTimeOn) && w.chance.happens("config/press", 0.8):
		w.bookOnce(forLoser)
		w.after(at-w.chance.between("config/press/asked", time.Second, 6*time.Second), func() { w.typeLine(carol, general, "/cancel-meeting "+number(forLoser)) })
		w.after(at+w.chance.between("config/press/in", -500*time.Millisecond, 12*time.Second), func() { w.pressIn("config/press", carol, general, "cancel_meeting", "end_meeting", "cancel_series") }) // who isn't listed
	case c.text == oneAtATime && w.chance.happens("config/many", 0.8):
		w.pressMany(at)
	case c.text == askOwnerOff && w.chance.happens("config/ask", 0.8):
		w.bookOnce(forAsker)
		w.after(at-w.chance.between("config/ask/before", -8*time.Second, 4*time.Second), func() { w.askOwner("config/ask") })
	}
}

// pressMany has two people confirm a card each about the same two meetings, asked before a time and
// pressed at about that time.
func (w *world) pressMany(at time.Duration) {
	w.bookOnce(forLoser)
	w.meetings.Change(number(forLoser), func(m *meetingsim.Meeting) { m.Series = nil })
	for i, person := range []string{ana, carol} {
		name := "config/many/" + strconv.Itoa(i)
		w.after(at-w.chance.between(name+"/asked", 6*time.Second, 12*time.Second), func() { w.typeLine(person, general, "/cancel-meeting "+number(0)+" "+number(forLoser)) })
		turned := at + w.chance.between(name+"/turn", -4*time.Second, time.Second)
		w.after(turned, func() { w.pressIn(name+"/turn", person, general, "review_ticked") })
		for j, who := range []string{person, pick(w.chance, name+"/who", ana, carol)} {
			press := name + "/press/" + strconv.Itoa(j)
			w.after(at+w.chance.between(press, -500*time.Millisecond, 12*time.Second), func() { w.pressIn(press, who, general, "cancel_ticked") })
		}
	}
}

// askOwner has Dave ask about a meeting that he may not cancel, and then its owner.
func (w *world) askOwner(name string) {
	w.typeLine(dave, general, "/cancel-meeting "+number(forAsker))
	w.later(name+"/owner", firstFrom, firstTo, func() {
		all := w.buttons(dave)
		if i := slices.IndexFunc(all, func(b button) bool { return b.ActionID == "ask_owner" }); i >= 0 {
			w.press(name+"/owner", dave, all[i])
		}
	})
}

// settings returns the configuration that a process would start with now.
func (w *world) settings() config.Config {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.changed); n > 0 {
		return w.changed[n-1].config
	}
	return w.config
}

// settingsBetween returns the configurations that some process may have had between two times.
func (w *world) settingsBetween(from, to time.Time) (all []config.Config) {
	w.mu.Lock()
	defer w.mu.Unlock()
	used, since := w.config, time.Time{}
	for _, next := range w.changed {
		if gone := !next.goneAt.IsZero() && from.After(next.goneAt); !gone && !to.Before(since) {
			all = append(all, used)
		}
		used, since = next.config, next.from
	}
	if !to.Before(since) {
		all = append(all, used)
	}
	return all
}

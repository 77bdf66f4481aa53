package sim

import (
	"slices"
	"strconv"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
)

// A reconfiguration is another configuration and since when processes start with it. Until
// goneAt, one with the old configuration may be running.
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
	{2, newSetting{"MANY_MAX=1", func(c *config.Config) { c.ManyMax = 1 }}},
	{3, newSetting{delegationOff, func(c *config.Config) { c.DelegationMax = 0 }}},
}

const (
	askOwnerOff   = "ASK_OWNER=off"
	delegationOff = "DELEGATION_MAX=0"
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
		next := w.config
		for _, c := range changes {
			c.set(&next)
			w.count("set " + c.text)
			w.tell("config: %s", c.text)
		}
		w.mu.Lock()
		w.changed = &reconfiguration{config: next, from: time.Now()}
		w.mu.Unlock()
		for _, s := range w.slots {
			if dies {
				w.die("config", s, pause)
			} else {
				w.stop("config", s, pause)
			}
		}
		w.mu.Lock()
		w.changed.goneAt = time.Now()
		w.mu.Unlock()
	})
}

// useSetting has someone use what is turned off.
func (w *world) useSetting(c newSetting, at time.Duration) {
	switch {
	case c.text == delegationOff && w.chance.happens("config/delegation", 0.6):
		w.delegate("config/delegation", max(time.Second, at-9*time.Second))
	case c.text == askOwnerOff && w.chance.happens("config/ask", 0.8):
		w.book(forAsker)
		w.after(at-w.chance.between("config/ask/before", -8*time.Second, 4*time.Second), func() { w.askOwner("config/ask") })
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
	if w.changed != nil {
		return w.changed.config
	}
	return w.config
}

// settingsBetween returns the configurations that some process may have had between two times.
func (w *world) settingsBetween(from, to time.Time) []config.Config {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.changed == nil, to.Before(w.changed.from):
		return []config.Config{w.config}
	case !w.changed.goneAt.IsZero() && from.After(w.changed.goneAt):
		return []config.Config{w.changed.config}
	}
	return []config.Config{w.config, w.changed.config}
}

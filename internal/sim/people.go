package sim

import (
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/slacksim"
)

// An act is something that a person did in Slack.
type act struct {
	at      time.Time
	person  string
	what    string // the text typed, or a button's action
	button  string // the button's label
	request string // the request that the button belongs to
	value   string // the value of a button in Home
	channel string
	ref     slacksim.Ref
	shown   string      // the text of the card
	dates   []time.Time // that it is about, if it confirms
	window  bool        // a modal was submitted
	home    bool        // in Home
	done    *slacksim.Action
}

// click reports whether it was a click, or a modal that a click had opened.
func (a *act) click() bool { return a.request != "" }

// drawsHome reports whether the answer is the next drawing of Home.
func (a *act) drawsHome() bool { return a.home && a.what != "home_meeting" && a.what != "home_card" }

// confirms reports whether the button is one that removes something.
func (a *act) confirms() bool {
	return slices.Contains([]string{"cancel_meeting", "end_meeting", "cancel_series", "cancel_occurrences", "cancel_ticked"}, a.what)
}

// ackedAt returns when Slack got the ack; false if it never did, or too late.
func (a *act) ackedAt() (time.Time, bool) {
	select {
	case <-a.done.Done():
	default:
		return time.Time{}, false
	}
	if !a.done.Acked() || a.done.Failure() != "" {
		return time.Time{}, false
	}
	return a.at.Add(a.done.AckedAfter()), true
}

// ask types the command as a person.
func (w *world) ask(name string, meetings int, person string) {
	channel := general
	if w.chance.unit(name+"/where") < 0.15 {
		channel = foreign
	}
	if w.chance.unit(name+"/shortcut") < 0.1 {
		w.shortcut(person, channel, number(w.chance.number(name+"/which", meetings)))
	} else {
		w.typeLine(person, channel, strings.TrimSpace("/cancel-meeting "+w.drawCommand(name, meetings, person)))
	}
	w.pressLate(name)
	if w.chance.happens(name+"/first", 0.75) {
		who := pick(w.chance, name+"/first/who", ana, bob, carol)
		if person == dave {
			who = dave // may ask the owner, at least
		}
		w.later(name+"/first", firstFrom, firstTo, func() { w.pressSomething(name+"/first", who) })
	}
}

// drawCommand draws the text of the command: usually one meeting, sometimes several or none.
func (w *world) drawCommand(name string, meetings int, person string) string {
	if what := w.chance.unit(name + "/what"); what < 0.05 {
		return ""
	} else if what < 0.35 && meetings > 1 {
		return w.drawSeveral(name, meetings)
	}
	which := w.chance.number(name+"/which", meetings)
	line := number(which)
	if w.chance.unit(name+"/end") < 0.3 {
		line += " --end"
	}
	if w.chance.unit(name+"/series") < 0.1 {
		line += " --series"
	} else if w.chance.unit(name+"/occurrence") < 0.15 {
		line += " --occurrence " + w.drawDate(name, which, person)
	}
	return line
}

// drawDate draws a date of the meeting, in the person's time zone.
func (w *world) drawDate(name string, which int, person string) string {
	m, _ := w.meetings.Meeting(number(which))
	start := m.Start
	if m.Series != nil && len(m.Series.Occurrences) > 0 {
		start = pick(w.chance, name+"/date", m.Series.Occurrences...).Start
	}
	for _, u := range people {
		if zone, err := time.LoadLocation(u.TZ); err == nil && u.ID == person {
			start = start.In(zone)
		}
	}
	w.count("a date typed")
	return start.Format(time.DateOnly)
}

// shortcut uses the message shortcut on another app's message.
func (w *world) shortcut(person, channel, meeting string) {
	ref, err := w.slack.Attach(channel, "Your meeting "+meeting+" begins soon")
	if err != nil {
		w.fail("harness", "no message for the shortcut: %v", err)
		return
	}
	w.count("a shortcut used")
	w.do(&act{person: person, what: "the shortcut on " + meeting, channel: channel}, func() (*slacksim.Action, error) {
		return w.slack.MessageShortcut(person, ref, "cancel_this_meeting")
	})
}

// drawSeveral draws a command for several meetings: their numbers, or the day.
func (w *world) drawSeveral(name string, meetings int) string {
	if w.chance.unit(name+"/day") < 0.2 {
		return "today"
	}
	var all []string
	for i := range meetings {
		all = append(all, number(i))
	}
	line := strings.Join(all, " ")
	if w.chance.unit(name+"/end") < 0.3 {
		line += " --end"
	}
	return line
}

// pressLate presses a button shortly before the question expires.
func (w *world) pressLate(name string) {
	if w.settings().ConfirmTTL < w.horizon && w.chance.happens(name+"/last", 0.4) {
		who := pick(w.chance, name+"/last/who", ana, bob, carol)
		ttl := w.settings().ConfirmTTL
		w.later(name+"/last", ttl-2*time.Second, ttl, func() { w.pressSomething(name+"/last", who) })
	}
}

// typeLine types a line as a person.
func (w *world) typeLine(person, channel, line string) {
	w.do(&act{person: person, what: line, channel: channel}, func() (*slacksim.Action, error) {
		return w.slack.Type(person, channel, line), nil
	})
}

// later calls f after a random delay.
func (w *world) later(name string, from, to time.Duration, f func()) {
	d := w.chance.between(name+"/in", from, to)
	w.inBackground(func() {
		time.Sleep(d)
		f()
	})
}

// do performs an action and records it if Slack accepts it.
func (w *world) do(a *act, f func() (*slacksim.Action, error)) bool {
	if w.isAway(a.person) {
		return false
	}
	a.at = time.Now()
	done, err := f()
	if err != nil {
		gone := []error{slacksim.ErrNoElement, slacksim.ErrNotVisible, slacksim.ErrNoModal}
		if !slices.ContainsFunc(gone, func(e error) bool { return errors.Is(err, e) }) {
			w.fail("harness", "%s couldn't do %q: %v", a.person, a.what, err)
		}
		return false
	}
	a.done = done
	w.mu.Lock()
	w.acts = append(w.acts, a)
	w.mu.Unlock()
	w.troubleUntil(a.at)
	switch {
	case a.button != "":
		w.tell("@%s presses %q of %s", a.person, a.button, short(a.request))
	case a.home && !a.window:
		w.tell("@%s %s", a.person, a.what)
	case a.window:
		w.tell("@%s submits the window %s of %s", a.person, a.what, short(a.request))
	default:
		w.tell("@%s types %s", a.person, a.what)
	}
	w.inBackground(func() {
		<-done.Done()
		if failure := done.Failure(); failure != "" {
			w.tell("Slack tells @%s: %s (%s)", a.person, failure, a.what)
		}
	})
	return true
}

func short(id string) string { return id[:min(6, len(id))] }

package page

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// maxForm is far above a pasted invitation, in bytes.
const maxForm = 256 << 10

// A sentence is an error for the eyes of whoever sent the form.
type sentence string

func (s sentence) Error() string { return string(s) }

// An actFunc does what a form asks for. Its error is a sentence for whoever sent it.
type actFunc func(s *Server, v viewer, form url.Values) error

// handleActs adds the addresses that forms are sent to.
func (s *Server) handleActs(mux *http.ServeMux) {
	for path, act := range map[string]actFunc{
		"/say": say, "/press": press, "/choose": choose, "/shortcut": shortcut,
		"/window/submit": submitWindow, "/window/close": closeWindow,
		"/meetings/add": addMeeting, "/meetings/start": startMeeting, "/meetings/end": endMeeting,
		"/faults/strike": strike, "/faults/clear": func(s *Server, _ viewer, _ url.Values) error { s.clear(); return nil },
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := r.ParseForm(); err != nil {
				http.Error(w, "That is too much.", http.StatusRequestEntityTooLarge)
				return
			}
			v := s.viewerOf(r)
			if err := act(s, v, r.PostForm); err != nil {
				http.Error(w, err.Error(), http.StatusConflict)
				return
			}
			http.Redirect(w, r, v.Address(), http.StatusSeeOther)
		})
	}
}

// say writes a line into the channel or the open thread.
func say(s *Server, v viewer, form url.Values) error {
	line := strings.TrimSpace(strings.ReplaceAll(form.Get("line"), "\r\n", "\n"))
	if line == "" {
		return nil
	}
	var a *slacksim.Action
	if v.Thread != "" && form.Get("where") == "thread" {
		a = s.stage.Slack.TypeInThread(v.Person.ID, v.Channel, v.Thread, line)
	} else {
		a = s.stage.Slack.Type(v.Person.ID, v.Channel, line)
	}
	return shownElsewhere(a)
}

// shownElsewhere is the error of an action that Slack itself has refused and not
// told the person about in the channel.
func shownElsewhere(a *slacksim.Action) error {
	select {
	case <-a.Done():
	default:
		return nil // on its way to the bot
	}
	switch code := a.Failure(); code {
	case "", slacksim.ErrorDispatch, slacksim.ErrorTimeout, "invalid_command", "not_supported_in_threads":
		return nil
	case "not_in_channel":
		return sentence("You are not in this channel.")
	default:
		return sentence("Slack refused: " + code)
	}
}

// ref is the message that a form is about.
func (v viewer) ref(form url.Values) slacksim.Ref {
	return slacksim.Ref{Channel: v.Channel, TS: form.Get("ts")}
}

func press(s *Server, v viewer, form url.Values) error {
	b, err := url.ParseQuery(form.Get("press"))
	if err != nil {
		return err
	}
	_, err = s.stage.Slack.Click(v.Person.ID, v.ref(b), b.Get("action"), slacksim.ClickOptions{BlockID: b.Get("block"), Value: b.Get("value")})
	if errors.Is(err, slacksim.ErrNoElement) {
		return sentence("This button is no longer there.")
	}
	return err
}

// choose is a menu of a message being changed: all that is chosen in it now.
func choose(s *Server, v viewer, form url.Values) error {
	name := form.Get("field")
	field, err := url.ParseQuery(strings.TrimPrefix(name, "field "))
	if err != nil {
		return err
	}
	ref, values := v.ref(form), form[name]
	c := choice{v.Person.ID, ref, field.Get("block"), field.Get("action")}
	if _, err := s.stage.Slack.Select(c.person, ref, c.block, c.action, values...); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen[c] = values
	return nil
}

func shortcut(s *Server, v viewer, form url.Values) error {
	_, err := s.stage.Slack.MessageShortcut(v.Person.ID, v.ref(form), stage.Shortcut)
	return err
}

// submitWindow sends the modal with what was typed into it.
func submitWindow(s *Server, v viewer, form url.Values) error {
	values := map[string]string{}
	for name, typed := range form {
		field, err := url.ParseQuery(strings.TrimPrefix(name, "field "))
		if err == nil && strings.HasPrefix(name, "field ") {
			values[field.Get("block")] = strings.Join(typed, ",")
		}
	}
	_, err := s.stage.Slack.SubmitModal(v.Person.ID, values)
	if errors.Is(err, slacksim.ErrInput) {
		return sentence("Something is missing in the window.")
	}
	return err
}

func closeWindow(s *Server, v viewer, _ url.Values) error {
	_, err := s.stage.Slack.CloseModal(v.Person.ID)
	if errors.Is(err, slacksim.ErrNoModal) {
		return nil // it has closed by itself
	}
	return err
}

// newLength is how long a meeting is that was made here.
const newLength = 45 * time.Minute

// addMeeting books a meeting in the name of the viewer.
func addMeeting(s *Server, v viewer, form url.Values) error {
	m := meetingsim.Meeting{
		Subject: cmp.Or(strings.TrimSpace(form.Get("subject")), "New meeting"), OwnerUUID: s.accountOf(v.Person),
		Start: time.Now().Truncate(time.Hour).Add(3 * time.Hour), Length: newLength,
	}
	switch form.Get("kind") {
	case "running":
		m.State, m.Start, m.People = meetingsim.StateRunning, time.Now(), 2
	case "series":
		m.Series = &meetingsim.Series{Cycle: "Week"}
	case "room":
		m.VMRID = stage.Room
	}
	s.stage.Meetings.AddMeeting(m)
	return nil
}

// accountOf is the person's account at the Meeting service: that of a meeting of
// theirs, or empty, which is the bot's own login.
func (s *Server) accountOf(p stage.Person) string {
	all := s.stage.Meetings.Meetings()
	i := slices.IndexFunc(all, func(m meetingsim.Meeting) bool { return m.OwnerName == p.RealName })
	if i < 0 {
		return ""
	}
	return all[i].OwnerUUID
}

func startMeeting(s *Server, _ viewer, form url.Values) error {
	if !s.stage.Meetings.Start(form.Get("meeting")) {
		return sentence("This meeting can't be started any more.")
	}
	return nil
}

func endMeeting(s *Server, _ viewer, form url.Values) error {
	if !s.stage.Meetings.End(form.Get("meeting")) {
		return sentence("This meeting can't be ended any more.")
	}
	return nil
}

func strike(s *Server, _ viewer, form url.Values) error {
	all := faultList()
	i := slices.IndexFunc(all, func(f fault) bool { return f.ID == form.Get("fault") })
	if i < 0 {
		return sentence("There is no such fault.")
	}
	return s.strike(all[i])
}

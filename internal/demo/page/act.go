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

// maxForm is the maximum size of a form, in bytes: far more than a pasted invitation needs.
const maxForm = 256 << 10

// A sentence is an error that is shown to the person who sent the form.
type sentence string

func (s sentence) Error() string { return string(s) }

// An actFunc does what a form asks for. Its error is shown to the sender.
type actFunc func(s *Server, v viewer, form url.Values) error

// handleActs registers the paths that forms are sent to.
func (s *Server) handleActs(mux *http.ServeMux) {
	for path, act := range map[string]actFunc{
		"/say": say, "/press": press, "/choose": choose, "/shortcut": shortcut,
		"/window/submit": submitWindow, "/window/close": closeWindow,
		"/meetings/add": addMeeting, "/meetings/start": startMeeting, "/meetings/end": endMeeting,
		"/faults/toggle": toggleFault, "/faults/clear": func(s *Server, _ viewer, _ url.Values) error { s.clear(); return nil },
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := r.ParseForm(); err != nil {
				http.Error(w, "That text is too long.", http.StatusRequestEntityTooLarge)
				return
			}
			v := s.viewerOf(r)
			if err := act(s, v, r.PostForm); err != nil {
				http.Error(w, err.Error(), http.StatusConflict)
				return
			}
			http.Redirect(w, r, v.Address(), http.StatusSeeOther) //nolint:gosec // always a path of this page
		})
	}
}

// say posts a line to the channel or the open thread.
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
	return refusal(a)
}

// refusal returns an error if Slack refused the action without telling the person in the
// channel.
func refusal(a *slacksim.Action) error {
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

// ref returns the message that a form is about.
func (v viewer) ref(form url.Values) slacksim.Ref {
	return slacksim.Ref{Channel: v.Channel, TS: form.Get("ts")}
}

func press(s *Server, v viewer, form url.Values) error {
	b, err := url.ParseQuery(form.Get("press"))
	if err != nil {
		return err
	}
	which := slacksim.ClickOptions{BlockID: b.Get("block"), Value: b.Get("value")}
	if id := b.Get("view"); id != "" {
		_, err = s.stage.Slack.ClickView(v.Person.ID, id, b.Get("action"), which)
	} else {
		_, err = s.stage.Slack.Click(v.Person.ID, v.ref(b), b.Get("action"), which)
	}
	if errors.Is(err, slacksim.ErrNoElement) {
		return sentence("This button is no longer there.")
	}
	return err
}

// choose handles a change to a menu, an input or boxes. The form has all current values.
func choose(s *Server, v viewer, form url.Values) error {
	name := form.Get("field")
	field, err := url.ParseQuery(strings.TrimPrefix(name, "field "))
	if err != nil {
		return err
	}
	block, action, values := field.Get("block"), field.Get("action"), form[name]
	if id := form.Get("view"); id != "" {
		_, err = s.stage.Slack.SelectView(v.Person.ID, id, block, action, values...)
	} else {
		_, err = s.stage.Slack.Select(v.Person.ID, v.ref(form), block, action, values...)
	}
	return err
}

func shortcut(s *Server, v viewer, form url.Values) error {
	_, err := s.stage.Slack.MessageShortcut(v.Person.ID, v.ref(form), stage.Shortcut)
	return err
}

// submitWindow submits the modal with the text typed into it. Boxes and menus outside input
// blocks were already sent when they changed.
func submitWindow(s *Server, v viewer, form url.Values) error {
	values := map[string]string{}
	m, _ := s.stage.Slack.Modal(v.Person.ID)
	for _, b := range m.Blocks {
		if b.Type != "input" || b.Element == nil {
			continue
		}
		name := fieldName(b.BlockID, b.Element.ActionID)
		typed := form[name]
		if len(typed) > 0 {
			values[b.BlockID] = strings.Join(typed, ",")
		} else if _, err := s.stage.Slack.SelectView(v.Person.ID, m.ID, b.BlockID, b.Element.ActionID); err != nil { // no box is ticked
			return err
		}
	}
	_, err := s.stage.Slack.SubmitModal(v.Person.ID, values)
	if errors.Is(err, slacksim.ErrInput) {
		return sentence("Fill in everything first.")
	}
	return err
}

func closeWindow(s *Server, v viewer, _ url.Values) error {
	_, err := s.stage.Slack.CloseModal(v.Person.ID)
	if errors.Is(err, slacksim.ErrNoModal) {
		return nil // already closed
	}
	return err
}

// newLength is the length of a new meeting.
const newLength = 45 * time.Minute

// addMeeting books a meeting on the viewer's behalf.
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

// accountOf returns the person's account at the Meeting service, taken from one of their
// meetings, or "" for the bot's own login.
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
		return sentence("This meeting can't be started.")
	}
	return nil
}

func endMeeting(s *Server, _ viewer, form url.Values) error {
	if !s.stage.Meetings.End(form.Get("meeting")) {
		return sentence("This meeting can't be ended.")
	}
	return nil
}

func toggleFault(s *Server, _ viewer, form url.Values) error {
	all := faultList()
	i := slices.IndexFunc(all, func(f fault) bool { return f.ID == form.Get("fault") })
	if i < 0 {
		return sentence("There is no such fault.")
	}
	return s.toggleFault(all[i])
}

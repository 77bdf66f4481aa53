package steptest

import (
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Second is the other meeting of Carol's that [TwoMeetings] adds.
const Second = "914087437"

// TwoMeetings gives the service another meeting of Carol's.
func TwoMeetings(h *Fixture) {
	m := h.Service.Meetings[Number]
	m.ID, m.Number, m.Subject = Second, Second, "Offsite"
	h.Service.Meetings[Second] = m
}

// Typed returns a command of Ana's that starts a request.
func Typed() *step.Envelope {
	return &step.Envelope{
		Person: Ana, Channel: Channel, Response: "https://hooks.example.com/" + Ana, Request: cancellation.NewID(),
		Command: command.Command{Verb: command.Cancel, Number: Number},
	}
}

// Delegates has Carol delegate her meetings to Dave for a day.
func Delegates(h *Fixture) {
	h.Arrive(step.DelegateStep, &step.Envelope{Action: action.ModalDelegate, Person: Carol, Selected: map[string][]string{
		action.InputReceiver: {Dave}, action.InputUntil: {h.Store.Now().AddDate(0, 0, 1).Format(time.DateOnly)},
	}})
	h.Pass(2 * time.Second)
}

// Person returns a function that changes what Slack says about a person.
func Person(who bot.UserID, change func(*bot.Person)) func(*Fixture) {
	return func(h *Fixture) { h.Chat.Change(who, change) }
}

// Ticks returns a click with these boxes ticked.
func Ticks(values ...string) func(*step.Envelope) {
	return func(in *step.Envelope) { in.Selected = map[string][]string{action.Inputs()[0]: values} }
}

// Starts returns a function that makes a meeting run, or the first date of a series.
func Starts(number string) func(*Fixture) {
	return func(h *Fixture) {
		h.Service.Change(number, func(m *meetingapi.Meeting) {
			m.State, m.UUID = meetingapi.Running, "session"
			back := time.Since(m.Start)
			m.Start, m.End = m.Start.Add(back), m.End.Add(back)
			if m.Series == nil {
				return
			}
			dates, _ := m.Series.Occurrences.Get()
			for i := range dates {
				dates[i].Start, dates[i].End = dates[i].Start.Add(back), dates[i].End.Add(back)
			}
		})
	}
}

// HideState makes the service leave out the state of the meeting.
func HideState(h *Fixture) {
	h.Service.Change(Number, func(m *meetingapi.Meeting) { m.State = meetingapi.StateUnknown })
}

// Waiting makes a request one that is confirmed and waits for the service.
func Waiting(r *cancellation.Request) {
	r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, Ana, time.Now()
	r.WaitUntil = time.Now().Add(2 * time.Hour)
}

// Unknown makes a request one whose call got no answer.
func Unknown(r *cancellation.Request) {
	r.State, r.Outcome, r.ConfirmedBy, r.ConfirmedAt = cancellation.Done, cancellation.Unknown, Ana, time.Now()
	r.Unanswered = 1
	r.Begin(cancellation.CallEffect, time.Now())
}

// Gone and Unreadable make every reading fail from now on.
func Gone(h *Fixture)       { unread(h, meetingapi.ClassNotFound) }
func Unreadable(h *Fixture) { unread(h, meetingapi.ClassUnavailable) }

func unread(h *Fixture, c meetingapi.Class) {
	h.Service.Set(func(s *Service) { s.ReadErrors = []error{Failure(c)} })
}

// newBoard returns the board of one process.
func (h *Fixture) newBoard() *card.Board {
	return card.New(card.Options{
		Slack: h.Chat, Views: h.Views, Now: h.Store.Now, Log: h.Log, Latest: step.ShownNow(h.Store.Requests),
	})
}

// RestartBoard replaces the board, as if the process had just been started: draws in the
// background end.
func (h *Fixture) RestartBoard() {
	h.Board.Close()
	h.Board = h.newBoard()
	h.do(func(*store.Tx) error { return nil }) // for the race detector: orders this before the next step
}

package steptest

import (
	"time"

	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

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

// Forget replaces the board, as if the process had just been started: draws in the
// background end.
func (h *Fixture) Forget() {
	h.Board.Close()
	h.Board = h.newBoard()
	h.do(func(*store.Tx) error { return nil }) // for the race detector: orders this before the next step
}

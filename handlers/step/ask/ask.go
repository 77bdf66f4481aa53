package ask

import (
	"context"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Ask is the step that handles a stored command. For a cancellation it finds the meeting and
// posts the card that asks; other commands it answers.
type Ask struct {
	Several func(context.Context, *Asking) error                // asks about several meetings
	Refuse  func(context.Context, *Asking, answer.Answer) error // refuses a person who may not cancel, and may offer to ask the owner
}

// Run is the function to pass to [step.OfEnvelope].
func (s Ask) Run(ctx context.Context, v *step.Visit) error {
	if !v.In.Starts() {
		return readOnly{v}.run(ctx)
	}
	r, err := v.Request(ctx)
	if err != nil {
		return err
	}
	a := s.NewAsking(v, r)
	if r.State != cancellation.Received {
		return a.resume(ctx) // an earlier run got at least as far as the card
	}
	if refusal, err := a.TooMany(ctx); err != nil {
		return a.CannotServe(ctx, err)
	} else if refusal != nil {
		a.Recall()
		return a.Refuse(ctx, r, *refusal)
	}
	if r.Batch != nil {
		return s.Several(ctx, a)
	}
	if err := a.Identify(ctx); err != nil {
		return a.CannotServe(ctx, err)
	}
	return a.ask(ctx, a.find)
}

// An Asking is the run that leads from a number to a card.
type Asking struct {
	*step.Visit
	R store.Request // the card's

	deleted          cancellation.ID // another request for this meeting, whose card was deleted from Slack
	refuseNotAllowed func(context.Context, *Asking, answer.Answer) error
}

// NewAsking returns the run that asks about r, the request of v.
func (s Ask) NewAsking(v *step.Visit, r store.Request) *Asking {
	return &Asking{Visit: v, R: r, refuseNotAllowed: s.Refuse}
}

// find looks up the number, or waits for the look-up that began when the command arrived.
func (a *Asking) find(ctx context.Context) ([]meetingapi.Meeting, error) {
	if begun := a.Arrived.Found; begun != nil {
		ctx, cancel := a.Within(ctx, step.LookUpTime)
		defer cancel()
		return begun.Wait(ctx)
	}
	return a.findNumber(ctx)
}

// findNumber finds the meetings behind the number. A room's number may have several.
func (a *Asking) findNumber(ctx context.Context) ([]meetingapi.Meeting, error) {
	ctx, cancel := a.Within(ctx, step.LookUpTime)
	defer cancel()
	return a.Meetings.Find(ctx, a.R.Number)
}

// ask looks up the meeting and shows its card, or says why there is none.
func (a *Asking) ask(ctx context.Context, find func(context.Context) ([]meetingapi.Meeting, error)) error {
	if len(a.R.Choices) > 0 && a.Store.Now().Before(a.R.ExpiresAt) {
		return a.offer(ctx, nil) // as an earlier run did, or meant to
	}
	return a.LookUp(ctx, find, func(found []meetingapi.Meeting) error {
		if len(found) > 1 {
			return a.offer(ctx, found)
		}
		return a.askAbout(ctx, found[0])
	})
}

// LookUp calls next with the meetings that find finds, or says why there are none.
func (a *Asking) LookUp(ctx context.Context, find func(context.Context) ([]meetingapi.Meeting, error), next func([]meetingapi.Meeting) error) error {
	return a.Admitted(ctx, func() error {
		switch found, err := find(ctx); {
		case !a.Store.Now().Before(a.R.ExpiresAt):
			return a.Refuse(ctx, a.R, answer.Answer{Kind: answer.TooLate})
		case err != nil:
			return a.Refuse(ctx, a.R, a.noMeeting(ctx, err))
		case len(found) == 0:
			return a.Refuse(ctx, a.R, answer.Answer{Kind: answer.NotFound})
		default:
			return next(found)
		}
	})
}

// Admitted calls next if the person may use the command here at all. Others are refused before
// anything is looked up: they don't wait for the meeting service, and don't learn which numbers
// exist.
func (a *Asking) Admitted(ctx context.Context, next func() error) error {
	refusal, err := a.May(ctx, access.Look, a.R.Request)
	switch {
	case err != nil:
		return a.CannotServe(ctx, err)
	case refusal != nil:
		return a.Refuse(ctx, a.R, *refusal)
	}
	return next()
}

// askAbout shows the card for m, or says why there is none.
func (a *Asking) askAbout(ctx context.Context, m meetingapi.Meeting) error {
	a.R.Meeting = step.Facts(m, a.Store.Now())
	unfit, note := a.ResolveScope(m)
	refusal, err := a.May(ctx, access.Ask, a.R.Request)
	if err != nil {
		return a.CannotServe(ctx, err)
	}
	switch {
	case refusal != nil && unfit != nil: // asking the owner wouldn't help
		return a.Refuse(ctx, a.R, *refusal)
	case refusal != nil:
		return a.refuseNotAllowed(ctx, a, *refusal)
	case unfit != nil:
		return a.Refuse(ctx, a.R, *unfit)
	}
	a.CountPeople(ctx, &a.R.Meeting)
	if note != nil {
		if err := a.Tell(ctx, a.Sentence(*note)); err != nil {
			return err
		}
	}
	return a.Show(ctx)
}

// historyDays is how far back to look for a meeting that has ended. Older ones are reported
// as not found.
const historyDays = 30

// noMeeting returns the answer for a number whose look-up failed with err.
func (a *Asking) noMeeting(ctx context.Context, err error) answer.Answer {
	number := a.R.Number
	if meetingapi.IsEnded(err) {
		return answer.Answer{Kind: answer.AlreadyEnded}
	}
	if !meetingapi.IsNotFound(err) {
		a.Log.WarnContext(ctx, "meeting could not be looked up", "meeting", number, "error", err)
		return step.LookupFailed(err, a.Store.Now())
	}
	ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
	defer cancel()
	now := a.Store.Now()
	past, historyErr := a.Meetings.History(ctx, now.AddDate(0, 0, -historyDays), now, meetingapi.ListOptions{All: true, Search: number})
	if historyErr == nil && hasNumber(past.Meetings, number) {
		return answer.Answer{Kind: answer.AlreadyEnded}
	}
	return answer.Answer{Kind: answer.NotFound, Reference: meetingapi.RequestID(err)}
}

// ResolveScope decides how much of m the command is about: the meeting, the series or some
// dates. unfit says why m can't be cancelled in the way that was typed; nil if it can. note
// is what to tell the asker in addition to the card.
func (a *Asking) ResolveScope(m meetingapi.Meeting) (unfit, note *answer.Answer) {
	r := &a.R.Request
	switch {
	case m.Webinar:
		return &answer.Answer{Kind: answer.WebinarNotSupported}, nil
	case m.State == meetingapi.Ended:
		return &answer.Answer{Kind: answer.AlreadyEnded}, nil
	case !r.Meeting.Recurring && r.Scope != cancellation.Undecided:
		return &answer.Answer{Kind: answer.NotRecurring}, nil
	case !r.Meeting.Recurring:
		r.Scope = cancellation.Whole
	case r.Scope == cancellation.Occurrence && !r.Meeting.DatesListed():
		return &answer.Answer{Kind: answer.OccurrenceUnlisted, Request: *r}, nil
	case r.Scope == cancellation.Occurrence:
		zone, known := step.ZoneOf(a.Person)
		if !known {
			// A day is meant in the asker's own zone, so they choose from the dates instead.
			note = &answer.Answer{Kind: answer.ZoneUnknown, Request: *r}
			r.Scope, r.Wanted = cancellation.Undecided, ""
			return nil, note
		}
		if r.Chosen = occurrencesAt(r.Meeting, r.Wanted, zone); len(r.Chosen) == 0 {
			kind := answer.OccurrenceNotFound
			if r.Meeting.HidesBefore(endOfDay(r.Wanted, zone)) {
				kind = answer.OccurrenceUnlisted
			}
			return &answer.Answer{Kind: kind, Request: *r}, nil
		}
		*r = r.Decided(cancellation.Decision{Scope: cancellation.Occurrence, Chosen: r.Chosen, End: r.End}, time.Time{})
	}
	return nil, nil
}

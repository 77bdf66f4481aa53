package many

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// An askRun turns numbers, or days, into a card with several meetings.
type askRun struct{ *ask.Asking }

// A draft is what the card will hold. found and unfit have yet to be checked for what the
// asker may cancel.
type draft struct {
	cancellation.Batch
	found []cancellation.Item
	unfit []unfit
}

// An unfit meeting is one that such a card can't cancel for anyone.
type unfit struct {
	meeting cancellation.Meeting
	why     string
}

// Ask finds the meetings and posts the card, or says why there is none.
func Ask(ctx context.Context, a *ask.Asking) error {
	if err := a.Identify(ctx); err != nil {
		return a.CannotServe(ctx, err)
	}
	if !a.Store.Now().Before(a.R.ExpiresAt) {
		return a.Refuse(ctx, a.R, answer.Answer{Kind: answer.TooLate, Line: askAgainLine(a)})
	}
	return a.Admitted(ctx, func() error {
		g := &askRun{a}
		if len(a.In.Command.Numbers) > 0 {
			return g.byNumber(ctx)
		}
		return g.byDay(ctx)
	})
}

// byNumber asks about the meetings whose numbers were typed. If there are too many for one
// card, it asks nothing, and answers with commands for portions that fit.
func (g *askRun) byNumber(ctx context.Context) error {
	c := g.In.Command
	if most := max(g.Rules.ManyMax, 1); len(c.Numbers) > most {
		return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.TooManyNumbers}, batch.Portions(g.Page(), len(c.Numbers), most, lines(c.Portions(most))))
	}
	if err := roomFor(g.Deps, len(c.Numbers)); err != nil {
		return g.lookUpFailed(ctx, err)
	}
	limited, cancel := g.Within(ctx, step.LookUpTime)
	defer cancel()
	found, errs := step.Map(c.Numbers, func(number string) ([]meetingapi.Meeting, error) { return g.Meetings.Find(limited, number) })
	if err := allFailed(errs); err != nil {
		return g.lookUpFailed(ctx, err)
	}
	b := &draft{Batch: *g.R.Batch}
	for i, number := range c.Numbers {
		switch {
		case meetingapi.IsNotFound(errs[i]):
			b.leaveOut(cancellation.LeftOut{Number: number, Why: answer.LeftNotFound})
		case meetingapi.IsEnded(errs[i]):
			b.leaveOut(cancellation.LeftOut{Number: number, Why: answer.LeftEnded})
		case errs[i] != nil:
			b.leaveOut(g.unread(ctx, number, errs[i]))
		case len(found[i]) > 1:
			b.leaveOut(cancellation.LeftOut{Number: number, Why: answer.LeftRoom})
		default:
			b.add(found[i][0], step.Facts(found[i][0], g.Store.Now()), nil, g.Store.Now())
		}
	}
	if err := g.judge(ctx, b); err != nil {
		return g.lookUpFailed(ctx, err)
	}
	b.earliestFirst()
	return g.offerAll(ctx, &b.Batch)
}

// lookUpFailed retries the run, or tells the asker that the meetings could not be looked up.
// A meeting service that doesn't answer isn't asked again: the asker has waited long enough.
func (g *askRun) lookUpFailed(ctx context.Context, cause error) error {
	e, service := errors.AsType[*meetingapi.Error](cause)
	switch {
	case !service:
		return g.CannotServe(ctx, cause)
	case e.Class != meetingapi.ClassUnavailable && !g.GivesUp(cause):
		return step.RetryLater(cause)
	}
	g.Log.WarnContext(ctx, "meetings could not be looked up", "error", cause)
	return g.Refuse(ctx, g.R, step.LookupFailed(cause, g.Store.Now()))
}

// unread returns the entry for a meeting that could not be looked up.
func (g *askRun) unread(ctx context.Context, number string, cause error) cancellation.LeftOut {
	g.Log.WarnContext(ctx, "meeting could not be looked up", "meeting", number, "error", cause)
	why := answer.LeftUnread
	if meetingapi.ClassOf(cause) == meetingapi.ClassKindUnknown {
		why = answer.LeftKindUnknown
	}
	return cancellation.LeftOut{Number: number, Why: why}
}

// allFailed returns the errors if nothing could be looked up at all, and nil if the service
// said anything about one of the meetings.
func allFailed(errs []error) error {
	for _, err := range errs {
		if err == nil || meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) || meetingapi.ClassOf(err) == meetingapi.ClassKindUnknown {
			return nil
		}
	}
	return errors.Join(errs...)
}

func (b *draft) leaveOut(l cancellation.LeftOut) { b.LeftOut = append(b.LeftOut, l) }

// add puts a meeting into the draft, or its wanted dates. A series named by its number is
// unfit, because choosing its dates takes a card of its own.
func (b *draft) add(m meetingapi.Meeting, f cancellation.Meeting, wanted func(cancellation.OccurrenceRef) bool, now time.Time) {
	n := len(b.Meetings)
	switch {
	case slices.ContainsFunc(b.Meetings, func(known cancellation.Meeting) bool { return known.ID == f.ID }):
		return // two numbers for one meeting
	case m.Webinar:
		b.unfit = append(b.unfit, unfit{f, answer.LeftWebinar})
	case m.State == meetingapi.Ended:
		b.unfit = append(b.unfit, unfit{f, answer.LeftEnded})
	case f.Recurring && wanted == nil:
		b.unfit = append(b.unfit, unfit{f, answer.LeftSeries})
	case f.Recurring && !f.DatesListed():
		b.unfit = append(b.unfit, unfit{f, answer.LeftUnlisted})
	case !f.Recurring:
		b.Meetings = append(b.Meetings, f)
		b.found = append(b.found, cancellation.Item{Meeting: n, Running: f.Running})
	default:
		b.Meetings = append(b.Meetings, f)
		running := f.RunningDate(now)
		for _, o := range f.Occurrences {
			if wanted(o) {
				b.found = append(b.found, cancellation.Item{Meeting: n, Date: o, Running: o.ID == running})
			}
		}
	}
}

// earliestFirst sorts the items by start, as the card lists them.
func (b *draft) earliestFirst() {
	slices.SortStableFunc(b.Items, func(x, y cancellation.Item) int { return b.Start(x).Compare(b.Start(y)) })
}

// offerAll posts the card with the items of b, which are in order.
func (g *askRun) offerAll(ctx context.Context, b *cancellation.Batch) error {
	if len(b.Items) == 0 {
		m := batch.NothingOffered(g.Page(), *b)
		return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.NothingOffered}, m)
	}
	b = b.WithoutIdle() // meetings that can't be ticked aren't watched
	for i := range b.Meetings {
		if slices.ContainsFunc(b.Items, func(it cancellation.Item) bool { return it.Meeting == i && it.Running }) {
			g.CountPeople(ctx, &b.Meetings[i])
		}
	}
	for i, it := range b.Items {
		b.Items[i].Ticked = !it.Running
	}
	g.R.Batch = b
	return g.Show(ctx)
}

// judge moves what the asker may cancel onto the card and leaves out the rest. The asker
// needn't learn the subject of a meeting that they have no right to.
func (g *askRun) judge(ctx context.Context, b *draft) error {
	for _, u := range b.unfit {
		left, err := g.leftOut(ctx, u.meeting, cancellation.OccurrenceRef{})
		switch {
		case err != nil:
			return err
		case left == nil || isTooSoon(answer.Kind(left.Why)):
			left = &cancellation.LeftOut{Number: u.meeting.Number, Subject: u.meeting.Subject, Start: u.meeting.Start, Why: u.why}
		}
		b.leaveOut(*left)
	}
	for _, it := range b.found {
		left, err := g.leftOut(ctx, b.Meetings[it.Meeting], it.Date)
		switch {
		case err != nil:
			return err
		case left == nil:
			b.Items = append(b.Items, it)
		default:
			b.leaveOut(*left)
		}
	}
	b.unfit, b.found = nil, nil
	return nil
}

// leftOut says why the asker may not cancel a meeting, or a date of it; nil if they may.
func (g *askRun) leftOut(ctx context.Context, m cancellation.Meeting, date cancellation.OccurrenceRef) (*cancellation.LeftOut, error) {
	r, start := g.R.Request, m.Start
	r.Batch, r.Meeting, r.Scope = nil, m, cancellation.Whole
	switch {
	case date.ID != "":
		r.Scope, r.Chosen, start = cancellation.Occurrence, []string{date.ID}, date.Start
	case m.Recurring:
		r.Scope = cancellation.Undecided
	}
	a, err := g.May(ctx, access.Ask, r)
	if err != nil || a == nil {
		return nil, err
	}
	left := &cancellation.LeftOut{Number: m.Number, Why: string(a.Kind)}
	switch {
	case a.ListClosed:
		left.Why = answer.LeftListClosed
	case isTooSoon(a.Kind):
		left.Subject, left.Start = m.Subject, start
	}
	return left, nil
}

// isTooSoon reports whether LEAD_TIME is all that stops the asker. Then they may know what
// the meeting is about.
func isTooSoon(k answer.Kind) bool { return k == answer.LeadTime || k == answer.StartUnknown }

package watch

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// How open cards are kept up to date.
const (
	watchEvery  = time.Minute
	watchJitter = watchEvery / 5 // in all, so that many cards aren't read at once
	watchSpare  = 5              // one part in so many of the service's budget is left to people
)

// Watch is the step that keeps open cards up to date. There is one for each meeting with
// open cards, however many cards and replicas there are. It reads the meeting once a minute,
// closes or redraws cards that are out of date, and ends with the last of them.
type Watch struct{ *step.Deps }

// Start has the meetings of a card watched from now on, if they aren't already.
func Start(ctx context.Context, d *step.Deps, tx *store.Tx, r cancellation.Request) (err error) {
	meetings := []string{r.Meeting.ID}
	if r.Batch != nil {
		meetings = r.Batch.MeetingIDs()
		err = tx.Watches.OnCard(ctx, r.ID, meetings)
	}
	for _, id := range meetings {
		begin, failed := tx.Watches.Add(ctx, id)
		if begin && failed == nil {
			failed = d.Queue.Enqueue(ctx, tx, nextWatch(id, tx.Now()))
		}
		err = errors.Join(err, failed)
	}
	return err
}

// nextWatch returns the job that reads the meeting the next time.
func nextWatch(meeting string, now time.Time) jobs.Job {
	jitter := rand.N(watchJitter) - watchJitter/2 // #nosec G404 -- jitter
	return jobs.Job{Step: step.WatchStep, Subject: meeting, Due: now.Add(watchEvery + jitter)}
}

// A watchRun is one run of Watch.
type watchRun struct {
	Watch
	run  *jobs.Run
	card cancellation.ID // the request being compared
}

// Run is a [jobs.Func].
func (s Watch) Run(ctx context.Context, run *jobs.Run) error {
	cards, err := s.Store.Watches.Cards(ctx, run.Subject)
	if err != nil {
		return err
	}
	open, err := s.Store.Requests.OpenCards(ctx, run.Subject)
	if err != nil {
		return err
	}
	w := &watchRun{Watch: s, run: run}
	if len(open) == 0 {
		err := run.Done(ctx, nil, func(tx *store.Tx) error { return tx.Watches.End(ctx, run.Subject, cards) })
		if step.IsConflict(err) {
			return w.scheduleNext(ctx) // a card was posted just now
		}
		return err
	}
	switch err := w.check(ctx, open); {
	case errors.Is(err, errClickFirst) && run.Attempt == 0:
		return &jobs.Later{After: time.Second}
	case err != nil && !errors.Is(err, errClickFirst):
		return err
	}
	return w.scheduleNext(ctx)
}

// errClickFirst makes way for a click, or a tick, that is stored but not handled yet.
var errClickFirst = errors.New("a click on an outdated card must be handled first")

func (w *watchRun) scheduleNext(ctx context.Context) error {
	return w.run.Done(ctx, []jobs.Job{nextWatch(w.run.Subject, w.Store.Now())}, nil)
}

// check reads the meeting once for all its cards, if that is worth a call.
func (w *watchRun) check(ctx context.Context, open []store.Request) error {
	var asked []store.Request
	for _, r := range open {
		shown := r.Effects[cancellation.CardEffect].Ended()
		if r.State == cancellation.Asked && shown && w.Store.Now().Before(r.ExpiresAt) {
			asked = append(asked, r)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	m, err := w.read(ctx)
	var errs []error
	for _, r := range asked {
		w.card = r.ID
		errs = append(errs, w.compare(step.InTeamOf(ctx, r.Request), r, m, err))
	}
	return errors.Join(errs...)
}

// errScarce means that the meeting wasn't read, to save the service's budget.
var errScarce = errors.New("too little of the meeting service's budget is left")

// read reads the meeting. If that fails, it may be readable in a minute, and a click reads it
// anyway.
func (w *watchRun) read(ctx context.Context) (meetingapi.Meeting, error) {
	if w.scarce() {
		return meetingapi.Meeting{}, errScarce
	}
	m, err := w.Meetings.Meeting(ctx, meetingapi.ID(w.run.Subject))
	if err != nil && !step.IsGone(m, err) {
		w.Log.InfoContext(ctx, "the meeting of an open card could not be read", "meeting", w.run.Subject, "error", err)
	}
	return m, err
}

// scarce reports whether the rest of the service's budget must be left to people who are
// waiting.
func (w *watchRun) scarce() bool {
	b, known := w.Meetings.Budget(meetingapi.OpMeeting)
	return known && b.Left*watchSpare < b.Limit
}

// compare closes or redraws a card that is out of date, as far as can be told: err is why the
// meeting could not be read, or is gone.
func (w *watchRun) compare(ctx context.Context, r store.Request, m meetingapi.Meeting, err error) error {
	now := w.Store.Now()
	if step.IsGone(m, err) {
		over := meetingapi.IsEnded(err) || err == nil
		if r.Batch != nil {
			return w.compareSeveral(ctx, r, nil, over)
		}
		other, err := w.removedBy(ctx, r.Request)
		if err != nil {
			return err
		}
		return w.close(ctx, r, other.ConfirmedBy, over || r.Over(now), nil)
	}
	if w.ownerLeft(ctx, r.Request) {
		err := outcome.Closing{Deps: w.Deps, End: w.recordUnlessClicked}.Refuse(ctx, r, outcome.OwnerLeft)
		return step.IgnoreConflict(err) // it was answered just now
	}
	if err != nil {
		return nil //nolint:nilerr // it may be readable in a minute
	}
	found := step.Facts(m, now)
	if r.Batch != nil {
		return w.compareSeveral(ctx, r, &found, false)
	}
	if why := r.Meeting.Differs(found); why != "" {
		err := outcome.Closing{Deps: w.Deps, End: w.recordUnlessClicked}.AskAgain(ctx, r, "", found, why)
		return step.IgnoreConflict(err) // it was answered just now
	}
	return w.refresh(ctx, r, found)
}

// ownerLeft reports whether r is a question to an owner who was deactivated or made a guest
// since, so that no click of theirs would count. It is false if Slack doesn't say.
func (w *watchRun) ownerLeft(ctx context.Context, r cancellation.Request) bool {
	if !r.IsQuestion() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
	defer cancel()
	owner, err := w.Slack.Person(ctx, bot.UserID(r.For))
	if err != nil {
		return errors.Is(err, bot.ErrNoSuchPerson)
	}
	why, err := w.Access.WhyNotMember(ctx, owner)
	return err == nil && why != ""
}

// recordUnlessClicked applies f and enqueues next, unless a click on the card is pending.
// The run continues with the other cards.
func (w *watchRun) recordUnlessClicked(ctx context.Context, next []jobs.Job, f func(*store.Tx) error) error {
	return w.run.Record(ctx, func(tx *store.Tx) error {
		pending, err := tx.Envelopes.Pending(ctx, w.card, tx.Now())
		if err == nil && pending {
			err = errClickFirst
		}
		if err == nil {
			err = f(tx)
		}
		for _, j := range next {
			if err == nil {
				err = w.Queue.Enqueue(ctx, tx, j)
			}
		}
		return err
	})
}

// close ends a question whose meeting is gone. by is who cancelled it from another card, if
// anyone did; over reports whether it ended, or its time was over. also may be nil.
func (w *watchRun) close(ctx context.Context, r store.Request, by string, over bool, also func(*cancellation.Request)) error {
	why := ""
	if over && by == "" {
		why = cancellation.WhyOver
	}
	err := outcome.Closing{Deps: w.Deps, End: w.recordUnlessClicked, Also: also}.CloseGone(ctx, r, by, why)
	if err == nil {
		w.Logger(r.Request).InfoContext(ctx, "question closed: the meeting is gone", "over", over, "ours", by != "")
	}
	return step.IgnoreConflict(err) // it was answered just now
}

// refresh corrects what a card says about invited people, which no confirmation depends on.
// If only a response_url reaches the card, it isn't worth one of the five answers.
func (w *watchRun) refresh(ctx context.Context, r store.Request, now cancellation.Meeting) error {
	same := r.Meeting.InvitedKnown && r.Meeting.Invited == now.Invited && r.Meeting.Notifies == now.Notifies
	if same || !now.InvitedKnown || r.Card.Way == cancellation.ByResponse {
		return nil
	}
	err := w.recordUnlessClicked(ctx, []jobs.Job{step.Draw(&r)}, func(tx *store.Tx) error {
		return step.ChangeAsked(ctx, tx, &r, func(r *store.Request) error {
			r.Meeting.Invited, r.Meeting.InvitedKnown, r.Meeting.Notifies = now.Invited, true, now.Notifies
			w.Board.Announce(&r.Request, tx.Now())
			return nil
		})
	})
	return step.IgnoreConflict(err)
}

// removedBy returns the request that removed everything that r is about while its card was open.
// It returns the zero Request if the bot didn't, and [errClickFirst] while another request may be
// removing it.
func (w *watchRun) removedBy(ctx context.Context, r cancellation.Request) (cancellation.Request, error) {
	open, err := w.Store.Requests.OpenCards(ctx, w.run.Subject)
	if err != nil {
		return cancellation.Request{}, err
	}
	if slices.ContainsFunc(open, func(other store.Request) bool { return cancellation.CallOpen(other.Request) }) {
		return cancellation.Request{}, errClickFirst
	}
	by, unsure, err := outcome.RemovedBy(ctx, w.Deps, r)
	if unsure {
		err = errClickFirst
	}
	return by, err
}

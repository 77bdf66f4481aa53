package step

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// A Visit is one run of a step that handles one thing a person did. Everything a person
// does gets a visible answer: the card changes, or they alone are told why it doesn't.
type Visit struct {
	*Deps
	Run     *jobs.Run
	In      *Envelope    // what they did
	Arrived *Arrival     // the same, with what was read for it
	Person  bot.Person   // zero before Identify or Recall
	Right   access.Right // that the last May granted them by

	// Givers are the owners whose delegations the last May relied on: account UUID to Slack
	// user id.
	Givers map[string]string
}

// OfEnvelope makes a step of a function that handles one thing a person did. Its context
// names the Slack workspace. An envelope that was already handled is skipped.
func OfEnvelope(d *Deps, do func(context.Context, *Visit) error) jobs.Func {
	return func(ctx context.Context, run *jobs.Run) error {
		a, err := d.arrival(ctx, run)
		if a == nil || err != nil {
			return err
		}
		v := &Visit{Deps: d, Run: run, In: a.Envelope, Arrived: a}
		return do(bot.WithTeam(ctx, bot.TeamID(a.Envelope.Team)), v)
	}
}

// Identify asks Slack who the person is. A person whom Slack hides from the bot counts as a
// stranger.
func (v *Visit) Identify(ctx context.Context) (err error) {
	ctx, cancel := v.Within(ctx, RightsTime)
	defer cancel()
	v.Person, err = v.Slack.Person(ctx, bot.UserID(v.In.Person))
	if errors.Is(err, bot.ErrNoSuchPerson) {
		v.Log.WarnContext(ctx, "slack does not show this person to the bot, so they are refused as from another workspace", "user", v.In.Person, "error", err)
		v.Person, err = bot.Person{ID: bot.UserID(v.In.Person), External: true}, nil
	}
	return err
}

// Within returns a context for a look-up that may take so long. It ends while there is time to
// tell the person how the look-up went.
func (v *Visit) Within(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	if v.Run == nil { // a click is being stored
		return context.WithTimeout(ctx, most)
	}
	left := timeToTell
	if v.In.Response == "" { // only a direct message can tell them
		left = timeToMessage
	}
	return context.WithTimeout(ctx, min(most, time.Until(v.Run.Until())-left))
}

// Recall sets the person from the cache, for when there is no time to ask Slack. A person
// who isn't cached is left zero.
func (v *Visit) Recall() {
	v.Person, _ = v.Slack.CachedPerson(bot.UserID(v.In.Person))
}

// Request returns the request that the envelope is about.
func (v *Visit) Request(ctx context.Context) (store.Request, error) {
	if v.Arrived.Request.ID != "" {
		return v.Arrived.Request, nil
	}
	return v.Store.Requests.Get(ctx, v.In.Request)
}

// Page returns the page to draw the person's views on. It calls the command by the name that
// they typed.
func (v *Visit) Page() page.Page {
	p := v.Views.Person(v.Person.Locale)
	p.Command = cmp.Or(v.In.Command.As, p.Command)
	return p
}

// Sentence renders a in the person's language.
func (v *Visit) Sentence(a answer.Answer) bot.Message { return answer.Draw(v.Page(), a) }

// Say answers the person with one sentence and ends the run: the envelope is handled.
func (v *Visit) Say(ctx context.Context, a answer.Answer) error {
	return v.Answer(ctx, v.Sentence(a), nil)
}

// Answer tells the person m and ends the run in one commit with f, which may be nil: the
// envelope is handled.
func (v *Visit) Answer(ctx context.Context, m bot.Message, f func(*store.Tx) error) error {
	if err := v.Tell(ctx, m); err != nil {
		return err
	}
	return v.doneTelling(ctx, f)
}

// doneTelling is Done for a run that has told the person. It insists, because another run
// would tell them again.
func (v *Visit) doneTelling(ctx context.Context, f func(*store.Tx) error) error {
	return Insist(ctx, func() error { return v.end(ctx, nil, f, false) })
}

// Done ends the run in one commit with f, which may be nil: the envelope is handled. If the
// person changed something, their Home is redrawn.
func (v *Visit) Done(ctx context.Context, next []jobs.Job, f func(*store.Tx) error) error {
	return v.end(ctx, next, f, f != nil && !slices.Contains(action.Inputs(), v.In.Action))
}

// end is Done; changes says whether the person's Home may look different afterwards.
func (v *Visit) end(ctx context.Context, next []jobs.Job, f func(*store.Tx) error, changes bool) error {
	return v.Run.Done(ctx, next, func(tx *store.Tx) error {
		if f != nil {
			if err := f(tx); err != nil {
				return err
			}
		}
		hasHome, err := tx.Envelopes.HandledHome(ctx, v.In.ID)
		if err == nil && (v.In.Home || changes && hasHome) {
			err = v.RedrawHome(ctx, tx, v.In.Person, v.In.Hash)
		}
		return err
	})
}

// RedrawHome redraws a person's Home after the commit, if they have ever opened it. hash is
// that of the Home in front of them; an empty one matches any.
func (d *Deps) RedrawHome(ctx context.Context, tx *store.Tx, person, hash string) error {
	due, err := tx.Homes.Want(ctx, person)
	if err != nil || !due {
		return err
	}
	return d.Queue.Enqueue(ctx, tx, jobs.Job{Step: HomeStep, Subject: person, Carry: hash})
}

// GivesUp reports whether to stop retrying after cause: a retry can't help, or not soon.
func (v *Visit) GivesUp(cause error) bool {
	return v.Run.Attempt >= 2 || Permanent(cause) || bot.IsLongWait(cause) || !AskedToWait(cause, v.Store.Now()).IsZero()
}

// CannotServe retries the run while that may help soon. After that it tells the person that
// nothing was done, unless an earlier run has begun to ask. It removes no buttons and closes
// no question.
func (v *Visit) CannotServe(ctx context.Context, cause error) error {
	if !v.GivesUp(cause) {
		return RetryLater(cause)
	}
	if asked, err := isAsked(ctx, v.Store, v.In.Started); asked && !Permanent(cause) || err != nil {
		return cmp.Or(err, RetryLater(cause))
	}
	a := answer.Answer{Kind: answer.Busy, Class: ClassOf(cause), Reference: string(v.In.Request), Until: AskedToWait(cause, v.Store.Now())}
	if err := v.Tell(ctx, v.Sentence(a)); err != nil {
		return err
	}
	v.Log.ErrorContext(ctx, "command or click could not be served", "envelope", v.In.ID, "request", v.In.Request, "error", cause)
	if v.In.Starts() || v.In.Started != "" {
		return v.endUnasked(ctx, cmp.Or(v.In.Started, v.In.Request), a, "failed")
	}
	return v.doneTelling(ctx, Observing(v.Observe.Command, "failed"))
}

// isAsked reports whether the request that a click has started is open. Its card may be
// posted already, and only this click's run can find out where.
func isAsked(ctx context.Context, s *store.Store, started cancellation.ID) (bool, error) {
	if started == "" {
		return false, nil
	}
	r, err := s.Requests.Get(ctx, started)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return r.State == cancellation.Asked, err
}

// Refuse ends a request that never had a card, and tells the asker alone why.
func (v *Visit) Refuse(ctx context.Context, r store.Request, a answer.Answer) error {
	a.Request = r.Request
	return v.RefuseWith(ctx, r, a, v.Sentence(a))
}

// RefuseWith is Refuse with a message m that says more than a.
func (v *Visit) RefuseWith(ctx context.Context, r store.Request, a answer.Answer, m bot.Message) error {
	if err := v.Tell(ctx, m); err != nil {
		return err
	}
	return v.endUnasked(ctx, r.ID, a, string(a.Kind))
}

// endUnasked ends the run and a request that never had a card, unless an earlier run did.
func (v *Visit) endUnasked(ctx context.Context, id cancellation.ID, a answer.Answer, as string) error {
	return v.doneTelling(ctx, func(tx *store.Tx) error {
		ObserveAfter(tx, v.Observe.Command, as)
		r, err := tx.Requests.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.State != cancellation.Received {
			return nil
		}
		if err != nil {
			return err
		}
		return IgnoreConflict(closeUnasked(ctx, tx, &r, a))
	})
}

// closeUnasked ends a request that never had a card.
func closeUnasked(ctx context.Context, tx *store.Tx, r *store.Request, a answer.Answer) error {
	outcome := cancellation.Refused
	switch a.Kind {
	case answer.LookupFailed, answer.Busy, answer.CannotPostHere:
		outcome = cancellation.Failed
	case answer.AlreadyEnded, answer.NotFound:
		outcome = cancellation.Gone
	default: // all others are refusals
	}
	if a.Request.ID == r.ID {
		r.Meeting = a.Request.Meeting
	}
	r.Reference = a.Reference
	why := cmp.Or(a.Class, string(a.Kind))
	if err := r.Finish(outcome, why, tx.Now()); err != nil {
		return err
	}
	r.Response = cancellation.ResponseURL{}
	if a.Kind == answer.TooMany {
		return tx.Requests.Save(ctx, r) // no audit rows: they are kept forever, and one person's typing must not fill the trail
	}
	var rows []store.AuditRow
	if len(r.Choices) == 0 { // else the run that stored them has recorded this
		rows = append(rows, Requested(r.Request))
	}
	rows = append(rows, store.RequestRow(r.Request, store.EventRefused, "", map[string]string{"why": why, "reference": r.Reference}))
	return errors.Join(tx.Audit(ctx, rows...), tx.Requests.Save(ctx, r))
}

// Start stores the request that a click starts, under the id generated when the click
// arrived. The request is built from in; also, which may be nil, changes it further. The
// click is recorded as pending on that request, which stays open until the click is handled.
func (v *Visit) Start(ctx context.Context, in Envelope, also func(*cancellation.Request)) (stored store.Request, err error) {
	in.Request = v.In.Started
	err = v.Run.Record(ctx, func(tx *store.Tx) (err error) {
		r := v.Rules.NewRequest(&in)
		if also != nil {
			also(&r)
		}
		stored, err = tx.Requests.Insert(ctx, r)
		return errors.Join(err, tx.Envelopes.Started(ctx, v.In.ID, r.ID))
	})
	return stored, err
}

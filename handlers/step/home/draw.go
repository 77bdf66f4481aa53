package home

import (
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// homeRuns is how often a Home is tried to be drawn. Somebody who still looks opens it again.
const homeRuns = 4

// Draw is the step that draws somebody's Home tab in the background. Nothing waits for
// it, and what it reads changes nothing.
type Draw struct{ *step.Deps }

// Run is a [jobs.Func].
func (s Draw) Run(ctx context.Context, run *jobs.Run) error {
	h, err := s.Store.Homes.Get(ctx, run.Subject)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && h.Drawn >= h.Wanted:
		return nil
	case err != nil:
		return err
	}
	ctx = bot.WithTeam(ctx, bot.TeamID(h.Team))
	hash, _ := run.Carry.(string) // of the Home that was in front of them; a later run does not know it
	d := &drawing{Draw: s, run: run, of: h}
	err = d.draw(ctx, hash)
	if errors.Is(err, bot.ErrHashConflict) {
		err = d.draw(ctx, "") // somebody has drawn it since: what holds now counts
	}
	switch {
	case err == nil:
		failpoint.Here(failpoint.HomeShown)
		step.Observe(d.Observe.Home, "drawn")
		return d.end(ctx)
	case run.Attempt+1 >= homeRuns, bot.Permanent(err):
		return d.giveUp(ctx, err)
	}
	return step.RetryLater(err)
}

// A drawing is one run of Draw.
type drawing struct {
	Draw
	run    *jobs.Run
	of     store.Home
	locale string
}

// An unread error is why it is not known what Home has to show; another one is why Slack
// does not take it.
type unread struct{ error }

// Unwrap returns the cause.
func (e unread) Unwrap() error { return e.error }

// draw reads what holds now and shows it. What the buttons mean is stored before they
// are shown.
func (d *drawing) draw(ctx context.Context, hash string) error {
	facts, listed, err := d.facts(ctx)
	if err != nil {
		return unread{err}
	}
	if !slices.Equal(listed, d.of.Listed) {
		if err := d.run.Record(ctx, func(tx *store.Tx) error { return tx.Homes.List(ctx, d.of.Person, listed) }); err != nil {
			return err
		}
		d.of.Listed = listed
	}
	failpoint.Here(failpoint.HomeListed)
	ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
	defer cancel()
	return d.Slack.PublishHome(ctx, bot.UserID(d.of.Person), hometab.Draw(d.Views.Person(d.locale), facts), hash)
}

// end ends the job, unless something has asked for another drawing meanwhile.
func (d *drawing) end(ctx context.Context) error {
	err := d.run.Done(ctx, nil, func(tx *store.Tx) error { return tx.Homes.Drawn(ctx, d.of.Person, d.of.Wanted) })
	if step.IsConflict(err) {
		return &jobs.Later{}
	}
	return err
}

// giveUp says in Home why it can't be drawn, if that can be said. Opening it again
// has it tried again.
func (d *drawing) giveUp(ctx context.Context, cause error) error {
	step.Observe(d.Observe.Home, "failed")
	d.Log.WarnContext(ctx, "Home not drawn", "user", d.of.Person, "error", cause)
	if _, ours := errors.AsType[unread](cause); ours || !bot.Permanent(cause) {
		ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
		defer cancel()
		_ = d.Slack.PublishHome(ctx, bot.UserID(d.of.Person), hometab.Failed(d.Views.Person(d.locale), reasonOf(cause)), "") // it is what has failed
	}
	return d.end(ctx)
}

// reasonOf is what is said of the cause.
func reasonOf(cause error) hometab.Fault {
	if _, ours := errors.AsType[*bot.Error](cause); !ours {
		return hometab.NotRead
	}
	if errors.Is(cause, bot.ErrNoSuchPerson) {
		return hometab.UnknownPerson
	}
	return hometab.Slack
}

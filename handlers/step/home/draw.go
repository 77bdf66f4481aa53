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

// A Home that can't be drawn says so after some runs, and is retried for minutes: it may
// still show what its person has taken back. After that, opening it again draws it.
const (
	runsUntilSaid = 4
	homeRuns      = 20
)

// Draw is the step that draws a person's Home tab in the background. Nothing waits for it.
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
	hash, _ := run.Carry.(string) // of the Home in front of the person; a later run doesn't have it
	d := &drawRun{Draw: s, run: run, of: h}
	err = d.draw(ctx, hash)
	if errors.Is(err, bot.ErrHashConflict) {
		err = d.draw(ctx, "") // another run has drawn it since: draw the current state over it
	}
	switch {
	case err == nil:
		failpoint.Here(failpoint.HomeShown)
		step.Observe(d.Observe.Home, "drawn")
		return d.end(ctx)
	case run.Attempt+1 >= homeRuns, bot.Permanent(err) && !errors.Is(err, bot.ErrHashConflict): // later runs send no hash
		return d.giveUp(ctx, err)
	case run.Attempt+1 == runsUntilSaid:
		d.sayWhy(ctx, err)
	}
	return step.RetryLater(err)
}

// A drawRun is one run of Draw.
type drawRun struct {
	Draw
	run    *jobs.Run
	of     store.Home
	locale string
}

// A readError is an error from reading what Home shows, as opposed to one from publishing it.
type readError struct{ error }

// Unwrap returns the cause.
func (e readError) Unwrap() error { return e.error }

// draw reads the current state and publishes it. The meetings behind the buttons are stored
// before the buttons are shown.
func (d *drawRun) draw(ctx context.Context, hash string) error {
	facts, listed, err := d.facts(ctx)
	if err != nil {
		return readError{err}
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

// end ends the job, or runs it again if another drawing has been asked for in the meantime.
func (d *drawRun) end(ctx context.Context) error {
	err := d.run.Done(ctx, nil, func(tx *store.Tx) error { return tx.Homes.Drawn(ctx, d.of.Person, d.of.Wanted) })
	if step.IsConflict(err) {
		return &jobs.Later{}
	}
	return err
}

// giveUp ends the drawing. Opening Home again retries.
func (d *drawRun) giveUp(ctx context.Context, cause error) error {
	step.Observe(d.Observe.Home, "failed")
	d.Log.WarnContext(ctx, "Home not drawn", "user", d.of.Person, "error", cause)
	d.sayWhy(ctx, cause)
	return d.end(ctx)
}

// sayWhy says in Home why it can't be drawn, if Slack may accept that.
func (d *drawRun) sayWhy(ctx context.Context, cause error) {
	if _, ours := errors.AsType[readError](cause); ours || !bot.Permanent(cause) {
		ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
		defer cancel()
		_ = d.Slack.PublishHome(ctx, bot.UserID(d.of.Person), hometab.Failed(d.Views.Person(d.locale), reasonOf(cause)), "") // best effort: publishing may be what failed
	}
}

// reasonOf returns what Home says about the cause.
func reasonOf(cause error) hometab.Fault {
	if _, ours := errors.AsType[*bot.Error](cause); !ours {
		return hometab.NotRead
	}
	if errors.Is(cause, bot.ErrNoSuchPerson) {
		return hometab.UnknownPerson
	}
	return hometab.Slack
}

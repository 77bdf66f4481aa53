package delegate

import (
	"context"
	"errors"
	"strconv"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Notice is the step that tells the receiver of a delegation that they may cancel now, or no
// longer may.
type Notice struct{ *step.Deps }

// Run is a [jobs.Func].
func (s Notice) Run(ctx context.Context, run *jobs.Run) error {
	d, err := s.Store.Delegations.Get(ctx, cancellation.ID(run.Subject))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	// What the receiver was told before must not be taken for this message. The times can't tell which
	// came first: the clock may have been set back.
	since, mark := d.GivenAt, strconv.FormatInt(d.GivenAt.UnixMilli(), 36)
	if !d.EndedAt.IsZero() {
		since, mark = d.EndedAt, "ended"
	}
	err = s.tell(ctx, run, d, since, mark)
	switch {
	case err == nil:
		return nil
	case bot.Permanent(err), s.Store.Now().Sub(since) >= step.AnswerFor:
		s.Log.WarnContext(ctx, "the receiver of a delegation could not be told", "delegation", d.ID, "error", err)
		return nil
	}
	return step.RetryLater(err)
}

func (s Notice) tell(ctx context.Context, run *jobs.Run, d cancellation.Delegation, since time.Time, mark string) error {
	ctx = bot.WithTeam(ctx, bot.TeamID(d.Team))
	to, err := s.Slack.Person(ctx, bot.UserID(d.Receiver))
	if err != nil || to.Deleted {
		return err
	}
	kind := cancellation.DelegationEffect + cancellation.EffectKind("/"+mark)
	_, err = s.DMOnce(ctx, run, to.ID, notice.Delegation(s.Views.Person(to.Locale), d), d.ID, kind, since)
	return err
}

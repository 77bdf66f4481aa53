package step

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// errWindowTried is why no window is opened for a click: an earlier run may have used
// Slack's permission, which is good for one, and for 3 seconds.
var errWindowTried = errors.New("an earlier run may have opened it")

// OpenWindow opens a window for the click, and ends the run.
func (v *Visit) OpenWindow(ctx context.Context, m bot.Modal) error {
	if v.Run.Attempt > 0 {
		return v.WindowFailed(ctx, errWindowTried)
	}
	if err := v.Slack.OpenModal(ctx, v.In.Trigger, m); err != nil {
		return v.WindowFailed(ctx, err)
	}
	return v.Done(ctx, nil, nil)
}

// WindowFailed tells the person that no window opened for their click, or that one may
// have: an earlier run may have got that far, and so may a call without an answer.
func (v *Visit) WindowFailed(ctx context.Context, err error) error {
	v.Log.WarnContext(ctx, "window not opened", "action", v.In.Action, "user", v.In.Person, "request", v.In.Request, "error", err)
	kind := answer.Busy
	if v.Run.Attempt > 0 || errors.Is(err, bot.ErrUnavailable) && !errors.Is(err, bot.ErrNotSent) {
		kind = answer.MaybeStored
	}
	return v.Say(ctx, answer.Answer{Kind: kind})
}

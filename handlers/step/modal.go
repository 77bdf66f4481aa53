package step

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// errModalTried is why no modal is opened for a click: an earlier run may have used
// Slack's permission, which is good for one, and for 3 seconds.
var errModalTried = errors.New("an earlier run may have opened it")

// modalSeen is how this process remembers that a click's person sees what became of its modal.
const modalSeen = "modal"

// OpenModal opens a modal for the click, and ends the run. Slack's permission doesn't wait
// for its own limits, and whoever sees no modal is not left to wonder.
func (v *Visit) OpenModal(ctx context.Context, m bot.Modal) error {
	if v.Run.Attempt > 0 {
		return v.ModalFailed(ctx, errModalTried)
	}
	opening, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	if err := v.Slack.OpenModal(opening, v.In.Trigger, m); err != nil {
		return v.ModalFailed(ctx, err)
	}
	return seen(ctx, v)
}

// seen ends the run of a click whose person sees what became of its modal.
func seen(ctx context.Context, v *Visit) error {
	v.Board.Answers.Keep(v.In.ID, modalSeen)
	return v.told(ctx, nil)
}

// ModalFailed tells the person that no modal opened for their click, or that one may
// have: an earlier run may have got that far, and so may a call without an answer.
func (v *Visit) ModalFailed(ctx context.Context, err error) error {
	if v.Board.Answers.Given(v.In.ID, modalSeen) {
		return v.told(ctx, nil)
	}
	v.Log.WarnContext(ctx, "modal not opened", "action", v.In.Action, "user", v.In.Person, "request", v.In.Request, "error", err)
	a := answer.Answer{Kind: answer.Busy, Class: ClassOf(err), Until: AskedToWait(err, v.Store.Now())}
	if v.Run.Attempt > 0 || errors.Is(err, bot.ErrUnavailable) && !errors.Is(err, bot.ErrNotSent) {
		a = answer.Answer{Kind: answer.MaybeStored}
	}
	if err := v.Tell(ctx, v.Sentence(a)); err != nil {
		return err
	}
	return seen(ctx, v)
}

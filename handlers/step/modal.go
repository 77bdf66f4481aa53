package step

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
)

// errModalTried stops a repeated run from opening a modal: an earlier run may have used the
// trigger_id, which is good for one modal, for 3 seconds.
var errModalTried = errors.New("an earlier run may have opened it")

// modalSeen is the key under which this process remembers that a click got its modal, or
// that the person was told it didn't.
const modalSeen = "modal"

// OpenModal opens a modal for the click and ends the run. It doesn't retry, because the
// trigger_id expires too soon; a person who gets no modal is told so.
func (v *Visit) OpenModal(ctx context.Context, m bot.Modal) error {
	if v.Run.Attempt > 0 {
		return v.ModalFailed(ctx, errModalTried)
	}
	opening, cancel := context.WithTimeout(ctx, AnswerTime)
	defer cancel()
	if err := v.Slack.OpenModal(opening, v.In.Trigger, m); err != nil {
		return v.ModalFailed(ctx, err)
	}
	return doneWithModal(ctx, v)
}

// doneWithModal ends the run once the modal is open, or the person knows that it isn't.
func doneWithModal(ctx context.Context, v *Visit) error {
	v.Board.Answers.Keep(v.In.ID, modalSeen)
	return v.doneTelling(ctx, nil)
}

// ModalFailed tells the person that no modal opened for their click, or that one may have:
// by an earlier run, or by a call that got no answer.
func (v *Visit) ModalFailed(ctx context.Context, err error) error {
	if v.Board.Answers.Given(v.In.ID, modalSeen) {
		return v.doneTelling(ctx, nil)
	}
	v.Log.WarnContext(ctx, "modal not opened", "action", v.In.Action, "user", v.In.Person, "request", v.In.Request, "error", err)
	a := answer.Answer{Kind: answer.Busy, Class: ClassOf(err), Until: AskedToWait(err, v.Store.Now())}
	if v.Run.Attempt > 0 || errors.Is(err, bot.ErrUnavailable) && !errors.Is(err, bot.ErrNotSent) {
		a = answer.Answer{Kind: answer.MaybeStored}
	}
	if err := v.Tell(ctx, v.Sentence(a)); err != nil {
		return err
	}
	return doneWithModal(ctx, v)
}

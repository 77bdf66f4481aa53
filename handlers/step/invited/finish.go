package invited

import (
	"context"
	"errors"
	"strconv"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// errReplyFirst delays the numbers until there is a reply to put them in.
var errReplyFirst = errors.New("the reply in the thread isn't posted yet")

// finish says in the thread how many were told, and deletes the addresses. If there may be
// another wave, that is left to the last one, so that the thread says it only once.
func (t *tellRun) finish(ctx context.Context) error {
	if t.R.Telling.More {
		return t.Done(ctx, nil, func(tx *store.Tx) error {
			return step.Change(ctx, tx, &t.R, func(r *store.Request) error {
				r.EndEffect(cancellation.InvitedEffect, tx.Now(), "", "")
				return nil
			})
		})
	}
	reply := t.R.Effects[cancellation.ThreadEffect]
	if t.isRecent() && (!reply.Ended() || reply.Result == report.SentEarly) {
		return &jobs.Later{Err: errReplyFirst, After: backoff(t.Attempt)}
	}
	results, err := t.Store.Invited.Results(ctx, lists(t.R)...)
	if err != nil {
		return err
	}
	if err := t.count(ctx, results); err != nil {
		return err
	}
	if reply.Ended() && reply.Result == report.Sent {
		m := card.Mark(t.Views.ThreadReply(t.R.Request), t.R.ID, cancellation.ThreadEffect)
		err := t.Slack.Update(ctx, report.ParsePlace(reply.Ref), m)
		if err != nil && !bot.Permanent(err) && t.isRecent() {
			return step.RetryLater(err)
		}
		if err != nil {
			t.Logger(t.R.Request).WarnContext(ctx, "the reply in the thread can't say how many were told", "error", err)
		}
	}
	return t.Done(ctx, nil, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &t.R, func(r *store.Request) error {
			r.EndEffect(cancellation.InvitedEffect, tx.Now(), "", string(r.Telling.Result))
			return nil
		})
		return errors.Join(err, tx.Invited.Forget(ctx, lists(t.R)...), tx.Audit(ctx, toldRow(t.R.Request, results)))
	})
}

// count stores the numbers before the thread says them. Only people who got the message
// count as told, because that is what the thread says.
func (t *tellRun) count(ctx context.Context, results map[string]int) error {
	if t.R.Telling.Result != "" {
		return nil // done by an earlier run
	}
	told, err := t.Store.Invited.People(ctx, toldSent, lists(t.R)...)
	if err != nil {
		return err
	}
	repeats, err := t.Store.Invited.DuplicateCount(ctx, lists(t.R)...) // further addresses of the same people
	if err != nil {
		return err
	}
	// The person who confirmed counts once, and so does the asker.
	knew := min(results[toldDoer], 1) + min(results[toldAsker], 1) + min(results[toldOwner], ownersWhoKnow(t.R.Request))
	return t.Record(ctx, func(tx *store.Tx) error {
		return step.Change(ctx, tx, &t.R, func(r *store.Request) error {
			r.Telling.Result = cancellation.TellDone
			r.Telling.People = max(r.Telling.People-repeats, told)
			r.Telling.Told, r.Telling.Knew = told, min(knew, r.Telling.People-told)
			r.Begin(cancellation.InvitedEffect, tx.Now())
			return nil
		})
	})
}

// ownersWhoKnow returns how many owners got a message.
func ownersWhoKnow(r cancellation.Request) int {
	if r.Batch == nil {
		if r.Owner.Result == cancellation.NoticeSent {
			return 1
		}
		return 0
	}
	know := map[string]bool{}
	for _, o := range r.Batch.Owners {
		if o.Result == cancellation.NoticeSent {
			know[o.User] = true
		}
	}
	return len(know)
}

// toldRow returns the audit row with how many were told. It contains no names.
func toldRow(r cancellation.Request, results map[string]int) store.AuditRow {
	detail := map[string]string{"people": strconv.Itoa(r.Telling.People), "told": strconv.Itoa(r.Telling.Told)}
	if r.Telling.Knew > 0 {
		detail["knew"] = strconv.Itoa(r.Telling.Knew)
	}
	for _, why := range []string{toldNotFound, toldRefused, toldUnsure, access.External, access.Guest, access.Deactivated} {
		if n := results[why]; n > 0 {
			detail[why] = strconv.Itoa(n)
		}
	}
	return store.RequestRow(r, store.EventInvited, "", detail)
}

package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// ErrTakenBack ends a confirmation whose delegation is no longer in force.
var ErrTakenBack = errors.New("the delegation by which this was confirmed is no longer in force")

// Delegation reads, in the commit that confirms, the delegation that lets the person
// confirm. The error is ErrTakenBack if it was taken back before the commit.
func (c *Click) Delegation(ctx context.Context, tx *store.Tx, owner string) (cancellation.Delegation, error) {
	d, err := tx.Delegations.Between(ctx, owner, c.In.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.HoldsAt(tx.Now(), c.Rules.DelegationMax) {
		return d, ErrTakenBack
	}
	return d, err
}

// delegations reads, in the commit that confirms, those by which the person may, by the
// owners of the meetings.
func (w *winning) delegations(ctx context.Context, tx *store.Tx) (map[string]cancellation.Delegation, error) {
	used := make(map[string]cancellation.Delegation, len(w.Givers))
	for uuid, owner := range w.Givers {
		d, err := w.Delegation(ctx, tx, owner)
		if err != nil {
			return nil, err
		}
		used[uuid] = d
	}
	return used, nil
}

// takenBack answers a confirmation that failed with ErrTakenBack: the person is told
// that they may not confirm. If another right lets them, err is returned so that the
// run is tried again.
func (c *Click) takenBack(ctx context.Context, err error) error {
	return Verb{Needs: new(access.Confirm), Do: func(context.Context, *Click) error { return err }}.Press(ctx, c)
}

// delegationUsed is the audit row for a confirmation by a delegate.
func delegationUsed(d cancellation.Delegation, r cancellation.Request) store.AuditRow {
	line := store.DelegationLine(d, store.EventDelegationUsed, d.Receiver, map[string]string{"request": string(r.ID)})
	line.Meeting = r.Meeting.ID
	return line
}

// askerGlance is how long a click that decides waits to learn who asked, only to
// offer something besides.
const askerGlance = time.Second

// offerLet is the asker's name, if the person is the meeting's owner, has just
// decided, and could let the asker cancel from now on; empty otherwise.
func (c *Click) offerLet(ctx context.Context, r cancellation.Request) string {
	if c.Rules.DelegationMax <= 0 || r.Asker == "" || r.Asker == c.In.Person || c.Right == access.Delegate || c.Right == access.Asker {
		return ""
	}
	ctx, cancel := context.WithTimeout(bot.AnyAge(ctx), askerGlance)
	defer cancel()
	if owns, err := c.Owns(ctx, r); err != nil || !owns {
		return ""
	}
	asker, failed := c.Slack.Person(ctx, bot.UserID(r.Asker))
	if no, err := c.Access.Receiver(ctx, c.Person, asker, failed); no != nil || err != nil {
		return ""
	}
	if listed, _ := c.Access.MayAny(ctx, asker); listed {
		return ""
	}
	if already, err := c.Access.Lets(ctx, c.Person, asker); already || err != nil {
		return ""
	}
	return asker.Name
}

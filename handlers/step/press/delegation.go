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

// errRevoked fails a confirmation whose delegation is no longer in force.
var errRevoked = errors.New("the delegation that allows this click is no longer in force")

// delegations reads, in the commit that confirms, the delegations that allow the click, by
// the UUID of the meetings' owner. It returns errRevoked if one of them was taken back or
// expired before the commit.
func (cf *confirmation) delegations(ctx context.Context, tx *store.Tx) (map[string]cancellation.Delegation, error) {
	used := make(map[string]cancellation.Delegation, len(cf.Givers))
	for uuid, owner := range cf.Givers {
		d, err := tx.Delegations.Between(ctx, owner, cf.In.Person)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && !d.HoldsAt(tx.Now(), cf.Rules.DelegationMax):
			return nil, errRevoked
		case err != nil:
			return nil, err
		}
		used[uuid] = d
	}
	return used, nil
}

// revoked answers a confirmation that failed with errRevoked by telling the person that they
// may not confirm. If another right allows them to, it returns err to retry the run.
func (cf *confirmation) revoked(ctx context.Context, err error) error {
	return Button{Needs: access.Confirm, Do: func(context.Context, *Click) error { return err }}.Press(ctx, cf.Click)
}

// delegationUsed returns the audit row for a confirmation by a delegate.
func delegationUsed(d cancellation.Delegation, r cancellation.Request) store.AuditRow {
	row := store.DelegationRow(d, store.EventDelegationUsed, d.Receiver, map[string]string{"request": string(r.ID)})
	row.Meeting = r.Meeting.ID
	return row
}

// askerTime limits the look-up of the asker after a click that decides. It is short because
// the offer that needs it is optional.
const askerTime = time.Second

// delegationCandidate returns the asker's name if the person is the meeting's owner, has
// just decided, and could delegate to the asker from now on; empty otherwise.
func (c *Click) delegationCandidate(ctx context.Context, r cancellation.Request) string {
	if c.Rules.DelegationMax <= 0 || r.Asker == "" || r.Asker == c.In.Person || c.Right == access.Delegate || c.Right == access.Asker {
		return ""
	}
	ctx, cancel := context.WithTimeout(bot.AnyAge(ctx), askerTime)
	defer cancel()
	if owns, err := c.Owns(ctx, r); err != nil || !owns {
		return ""
	}
	asker, failed := c.Slack.Person(ctx, bot.UserID(r.Asker))
	if refusal, err := c.Access.MayReceive(ctx, c.Person, asker, failed); refusal != nil || err != nil {
		return ""
	}
	if listed, _ := c.Access.MayAny(ctx, asker); listed {
		return ""
	}
	if already, err := c.Access.HasDelegated(ctx, c.Person, asker); already || err != nil {
		return ""
	}
	return asker.Name
}

package many

import (
	"context"
	"errors"
	"slices"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// give makes parts those of an owner who was not found before the parts began: Home and the
// history show people what was theirs.
func (p *reporting) give(ctx context.Context, tx *store.Tx, who recipient) error {
	late := slices.DeleteFunc(slices.Clone(who.accounts), func(o cancellation.Owner) bool { return o.User != "" })
	if !who.in.Found || len(late) == 0 {
		return nil
	}
	parts, err := tx.Requests.Parts(ctx, p.r.ID)
	for _, part := range parts {
		if slices.ContainsFunc(late, func(o cancellation.Owner) bool { return o.UUID == part.Meeting.OwnerUUID }) {
			part.Owner.User = string(who.in.Person.ID)
			err = errors.Join(err, tx.Requests.Save(ctx, &part))
		}
	}
	return err
}

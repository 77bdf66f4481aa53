package access

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// maxOwnerLookups is how many owners are looked up at a time.
const maxOwnerLookups = 4

// Prepare starts querying, in parallel, the sources that decide whether a person may cancel
// these meetings. People who are listed by their own id need none of them.
func (p *Policy) Prepare(ctx context.Context, who bot.UserID, of ...cancellation.Request) {
	if p.named(who) {
		return
	}
	p.Owners.background.Go(ctx, prepareTime, func(ctx context.Context) { // harmless if nothing needs it in the end
		var g errgroup.Group
		g.SetLimit(len(p.Groups) + maxOwnerLookups)
		for _, group := range p.Groups {
			g.Go(func() error { _, err := p.Slack.GroupMembers(ctx, bot.GroupID(group)); return err })
		}
		seen := map[string]bool{}
		for _, r := range of {
			if owner := r.Meeting.OwnerUUID; !seen[owner] {
				seen[owner] = true
				g.Go(func() error {
					o, err := p.Owners.Of(ctx, r.Meeting)
					if err == nil && o.Person.ID == who {
						_, err = p.Owners.RequireUnique(ctx, o)
					}
					return err
				})
			}
		}
		_ = g.Wait() // a caller who needs one of them sees the error
	})
}

// Likely reports whether a person will probably be allowed to confirm r, judging without a
// look-up.
func (p *Policy) Likely(who bot.UserID, r cancellation.Request) bool {
	return p.named(who) || string(who) == r.Asker || string(who) == r.For
}

// named reports whether a person may cancel any meeting, whatever the groups say.
func (p *Policy) named(who bot.UserID) bool {
	return slices.Contains(p.Users, string(who)) || slices.Contains(p.Users, Everybody) || slices.Contains(p.Groups, Everybody)
}

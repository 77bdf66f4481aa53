package invited

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// find looks up an invited person and the meetings to tell them about, or says why they
// aren't told.
func (t *tellRun) find(ctx context.Context, i store.Invitee) (p bot.Person, about []cancellation.Request, why string, err error) {
	if i.Person != "" {
		if p, err = t.Slack.Person(ctx, bot.UserID(i.Person)); err == nil {
			about, err = t.about(ctx, i, p)
		}
		return p, about, "", err
	}
	p, err = t.Slack.PersonByEmail(ctx, i.Email)
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return p, nil, toldNotFound, nil
	case err != nil:
		return p, nil, "", err
	case string(p.ID) == t.r.ConfirmedBy:
		return p, nil, toldDoer, nil
	}
	about, err = t.about(ctx, i, p)
	switch {
	case err != nil:
		return p, nil, "", err
	case len(about) == 0:
		return p, nil, toldOwner, nil
	case t.r.TellsAsker() && string(p.ID) == t.r.Asker:
		return p, nil, toldAsker, nil
	}
	if here, why, err := t.Access.Colleague(ctx, p); !here || err != nil {
		return p, nil, why, err
	}
	if p.Locale == "" { // looking up an address doesn't always return it
		if full, err := t.Slack.Person(ctx, p.ID); err == nil {
			p = full
		}
	}
	return p, about, "", nil
}

// untold leaves out meetings that the person has been told about under another address. The
// rest go into a message of a separate kind, so that a search for it doesn't find the other
// one.
func (t *tellRun) untold(ctx context.Context, i store.Invitee, p bot.Person, about []cancellation.Request) (rest []cancellation.Request, why string, err error) {
	twice, told, err := t.Store.Invited.AlreadyBegun(ctx, t.list, i, string(p.ID))
	if err != nil || !twice {
		return about, "", err
	}
	for _, r := range about {
		if t.r.Batch != nil && !slices.Contains(told, r.ID) {
			rest = append(rest, r)
		}
	}
	if len(rest) == 0 {
		return nil, toldTwice, nil
	}
	t.kind += cancellation.EffectKind("/also" + strconv.Itoa(i.N))
	return rest, "", nil
}

// about returns the meetings that a person was invited to and doesn't own. About their own
// they have a message already.
func (t *tellRun) about(ctx context.Context, i store.Invitee, p bot.Person) (about []cancellation.Request, err error) {
	all := []store.Request{t.r}
	if t.r.Batch != nil {
		if all, err = t.Store.Requests.Parts(ctx, t.r.ID); err != nil {
			return nil, err
		}
	}
	for _, r := range all {
		if t.r.Batch != nil && !slices.Contains(i.Parts, r.ID) {
			continue
		}
		owner, err := t.Owners.Of(ctx, r.Meeting)
		if err != nil {
			return nil, err
		}
		if !owner.Found || owner.Person.ID != p.ID {
			about = append(about, r.Request)
		}
	}
	return about, nil
}

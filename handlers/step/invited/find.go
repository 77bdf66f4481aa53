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

// find looks up the person and the meetings to tell them about, or says why they aren't told.
func (t *tellRun) find(ctx context.Context) (why string, err error) {
	if t.to.Person != "" {
		if t.person, err = t.Slack.Person(ctx, bot.UserID(t.to.Person)); err == nil {
			t.about, err = t.meetings(ctx)
		}
		return "", err
	}
	t.person, err = t.Slack.PersonByEmail(ctx, t.to.Email)
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return toldNotFound, nil
	case err != nil:
		return "", err
	case string(t.person.ID) == t.R.ConfirmedBy:
		return toldDoer, nil
	}
	t.about, err = t.meetings(ctx)
	switch {
	case err != nil:
		return "", err
	case len(t.about) == 0:
		return toldOwner, nil
	case t.R.TellsAsker() && string(t.person.ID) == t.R.Asker:
		return toldAsker, nil
	}
	if why, err := t.Access.WhyNotMember(ctx, t.person); why != "" || err != nil {
		return why, err
	}
	if t.person.Locale == "" { // looking up an address doesn't always return it
		t.person.Locale = t.Reader(ctx, t.person.ID).Locale
	}
	return "", nil
}

// leaveOutTold leaves out meetings that the person has been told about under another address,
// or says why nothing is left. The rest go into a message of a separate kind, so that a search
// for it doesn't find the other one.
func (t *tellRun) leaveOutTold(ctx context.Context) (why string, err error) {
	twice, told, err := t.Store.Invited.AlreadyBegun(ctx, t.list, t.to, string(t.person.ID))
	if err != nil || !twice {
		return "", err
	}
	t.about = slices.DeleteFunc(t.about, func(r cancellation.Request) bool {
		return t.R.Batch == nil || slices.Contains(told, r.ID)
	})
	if len(t.about) == 0 {
		return toldTwice, nil
	}
	t.kind += cancellation.EffectKind("/also" + strconv.Itoa(t.to.N))
	return "", nil
}

// meetings returns the meetings that the person was invited to and doesn't own. About their
// own they have a message already.
func (t *tellRun) meetings(ctx context.Context) (about []cancellation.Request, err error) {
	all := []store.Request{t.R}
	if t.R.Batch != nil {
		if all, err = t.Store.Requests.Parts(ctx, t.R.ID); err != nil {
			return nil, err
		}
	}
	for _, r := range all {
		if t.R.Batch != nil && !slices.Contains(t.to.Parts, r.ID) {
			continue
		}
		owner, err := t.Owners.Of(ctx, r.Meeting)
		if err != nil {
			return nil, err
		}
		if !owner.Found || owner.Person.ID != t.person.ID {
			about = append(about, r.Request)
		}
	}
	return about, nil
}

package ask

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// asPartial turns an error into partial if some meetings could be read all the same. If
// none could, the error says why.
func asPartial(found []cancellation.Meeting, partial bool, err error) ([]cancellation.Meeting, bool, error) {
	if err != nil && len(found) == 0 {
		return nil, false, err
	}
	return found, partial || err != nil, nil
}

// allMeetings returns all meetings that the login sees. If only one of the two lists can be
// read, it returns that one with an error. Running meetings may be in both.
func allMeetings(ctx context.Context, d *step.Deps) (all []cancellation.Meeting, more bool, err error) {
	var running, upcoming meetingapi.List
	var runningErr, upcomingErr error
	var both sync.WaitGroup
	both.Go(func() { running, runningErr = d.Meetings.Running(ctx, meetingapi.ListOptions{All: true}) })
	both.Go(func() { upcoming, upcomingErr = d.Meetings.Upcoming(ctx, meetingapi.ListOptions{All: true}) })
	both.Wait()
	all = distinct(slices.Concat(running.Meetings, upcoming.Meetings), d.Store.Now())
	return all, running.More || upcoming.More, cmp.Or(upcomingErr, runningErr)
}

// OwnedBy returns the meetings that a person owns. The service filters them, so this takes
// no longer in a large company. A login that may not use the filter sees only its own
// meetings, and those are filtered here.
func OwnedBy(ctx context.Context, d *step.Deps, p bot.Person) (all []cancellation.Meeting, partial bool, err error) {
	accounts, err := d.Owners.AccountsOf(ctx, p)
	if meetingapi.IsDenied(err) {
		return filterOwned(ctx, d, p)
	}
	if err != nil {
		return nil, false, err
	}
	var found []meetingapi.Meeting
	var failed error
	for _, account := range accounts {
		l, err := d.Meetings.Upcoming(ctx, meetingapi.ListOptions{User: account})
		if meetingapi.IsDenied(err) {
			return filterOwned(ctx, d, p)
		}
		if err != nil {
			failed = err // the other accounts' meetings still count
			continue
		}
		// The list may include meetings that the account is only invited to.
		found = append(found, slices.DeleteFunc(l.Meetings, func(m meetingapi.Meeting) bool {
			return m.Owner.UUID != "" && m.Owner.UUID != account
		})...)
		partial = partial || l.More
	}
	return asPartial(distinct(found, d.Store.Now()), partial, failed)
}

// filterOwned reads all meetings and keeps those that the person owns. The owners' addresses
// are read together; owners that the service hides count as unknown.
func filterOwned(ctx context.Context, d *step.Deps, p bot.Person) ([]cancellation.Meeting, bool, error) {
	all, more, listErr := allMeetings(ctx, d)
	if len(all) == 0 {
		return asPartial(nil, more, listErr)
	}
	var uuids []string
	for _, m := range all {
		if m.OwnerUUID != "" && !slices.Contains(uuids, m.OwnerUUID) {
			uuids = append(uuids, m.OwnerUUID)
		}
	}
	users, err := d.Meetings.Users(ctx, uuids) // in order, so that the soonest meetings are known
	if meetingapi.IsDenied(err) || meetingapi.IsNotFound(err) {
		err = nil
	}
	all = slices.DeleteFunc(all, func(m cancellation.Meeting) bool { return !d.Owners.IsOwner(p, m, users[m.OwnerUUID]) })
	return asPartial(all, more, cmp.Or(listErr, err))
}

// distinct returns the facts of each meeting once. It leaves out webinars and ended meetings.
func distinct(found []meetingapi.Meeting, now time.Time) (all []cancellation.Meeting) {
	seen := map[meetingapi.ID]bool{}
	for _, m := range found {
		if !seen[m.ID] && !m.Webinar && m.State != meetingapi.Ended {
			seen[m.ID] = true
			all = append(all, step.Facts(m, now))
		}
	}
	return all
}

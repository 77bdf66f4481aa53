package ask

import (
	"context"
	"slices"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// everybodys are all meetings that the login sees. Where one of the two lists can't be
// read, they are those of the other, and partial: the planned ones hold the running
// ones too.
func everybodys(ctx context.Context, d *step.Deps) (all []cancellation.Meeting, partial bool, err error) {
	var running, upcoming meetingapi.List
	var runningErr, upcomingErr error
	var both sync.WaitGroup
	both.Go(func() { running, runningErr = d.Meetings.Running(ctx, meetingapi.ListOptions{All: true}) })
	both.Go(func() { upcoming, upcomingErr = d.Meetings.Upcoming(ctx, meetingapi.ListOptions{All: true}) })
	both.Wait()
	if runningErr != nil && upcomingErr != nil {
		return nil, false, upcomingErr
	}
	all = distinct(slices.Concat(running.Meetings, upcoming.Meetings), d.Store.Now())
	return all, running.More || upcoming.More || runningErr != nil || upcomingErr != nil, nil //nolint:nilerr // that one list is missing is said by partial
}

// OwnedBy returns the meetings that a person owns. The service filters them, so that it
// takes no longer in a large company. A login that may not ask for them sees only its
// own meetings anyway.
func OwnedBy(ctx context.Context, d *step.Deps, p bot.Person) (all []cancellation.Meeting, partial bool, err error) {
	accounts, err := d.Owners.AccountsOf(ctx, p)
	if meetingapi.IsDenied(err) {
		return ownAmongAll(ctx, d, p)
	}
	if err != nil {
		return nil, false, err
	}
	var found []meetingapi.Meeting
	var failed error
	for _, account := range accounts {
		l, err := d.Meetings.Upcoming(ctx, meetingapi.ListOptions{User: account})
		if meetingapi.IsDenied(err) {
			return ownAmongAll(ctx, d, p)
		}
		if err != nil {
			failed, partial = err, true // another account's meetings are known all the same
			continue
		}
		// The list may hold what somebody is only invited to.
		found = append(found, slices.DeleteFunc(l.Meetings, func(m meetingapi.Meeting) bool {
			return m.Owner.UUID != "" && m.Owner.UUID != account
		})...)
		partial = partial || l.More
	}
	if failed != nil && len(found) == 0 {
		return nil, false, failed
	}
	return distinct(found, d.Store.Now()), partial, nil
}

// ownAmongAll keeps the meetings whose owner is the person. The owners' addresses
// are asked for together; what the service hides of them is unknown.
func ownAmongAll(ctx context.Context, d *step.Deps, p bot.Person) ([]cancellation.Meeting, bool, error) {
	all, partial, err := everybodys(ctx, d)
	if err != nil {
		return nil, false, err
	}
	var uuids []string
	for _, m := range all {
		if m.OwnerUUID != "" && !slices.Contains(uuids, m.OwnerUUID) {
			uuids = append(uuids, m.OwnerUUID)
		}
	}
	users, err := d.Meetings.Users(ctx, uuids)
	if err != nil && !meetingapi.IsDenied(err) && !meetingapi.IsNotFound(err) {
		if len(users) == 0 {
			return nil, false, err
		}
		partial = true // the soonest meetings' owners come first
	}
	all = slices.DeleteFunc(all, func(m cancellation.Meeting) bool { return !d.Owners.Is(p, m, users[m.OwnerUUID]) })
	return all, partial, nil
}

// distinct turns meetings into facts, each once: a running meeting may be among
// the upcoming ones too.
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

package home

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// How far Home looks, and how long it may take to.
const (
	homeDays      = 7
	homePast      = 30              // days in which something was cancelled "lately"
	homeTime      = 5 * time.Second // for each of its parts
	homeQuestions = 100             // open cards, of which some may wait for this person
	homeDay       = 24 * time.Hour
)

// facts reads what somebody's Home shows, and what its buttons are to mean. A part
// that can't be read says so; an error means that it is not known who they are.
func (d *drawing) facts(ctx context.Context) (hometab.Facts, []store.Listed, error) {
	who, err := d.Slack.Person(ctx, bot.UserID(d.of.Person))
	if err != nil {
		return hometab.Facts{}, nil, err
	}
	d.locale = who.Locale
	f := hometab.Facts{Now: d.Store.Now(), Channels: d.Access.Channels}
	if d.Rules.Keep > 0 && d.Rules.Keep < homePast*homeDay {
		f.Kept = d.Rules.Keep
	}
	_, no, err := d.Access.May(ctx, access.Question{Verb: access.Home, Person: who, Now: f.Now})
	if err != nil || no != nil {
		f.Refusal = no
		return f, nil, err
	}
	listed := d.of.Listed
	var g errgroup.Group
	part := func(read func(context.Context) error) {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, homeTime)
			defer cancel()
			return read(ctx)
		})
	}
	part(func(ctx context.Context) (err error) {
		f.Waiting, f.WaitingPartial, err = d.waiting(ctx, who)
		return err
	})
	part(func(ctx context.Context) error {
		listed = d.meetings(ctx, who, &f)
		return nil
	})
	part(func(ctx context.Context) (err error) {
		f.Lets, err = d.lets(ctx)
		f.MayLet = d.Rules.DelegationMax > 0 && len(f.Lets) < hometab.MaxDelegations
		return err
	})
	part(func(ctx context.Context) (err error) {
		f.Cancelled, err = d.Store.Requests.CancelledOf(ctx, d.of.Person, f.Now.Add(-homePast*homeDay), hometab.MaxCancelled)
		return err
	})
	return f, listed, g.Wait()
}

// waiting are the open questions that the person may answer by confirming. partial
// is whether some could not be checked.
func (d *drawing) waiting(ctx context.Context, who bot.Person) (all []cancellation.Request, partial bool, err error) {
	open, err := d.Store.Requests.Waiting(ctx, string(who.ID), homeQuestions+1)
	if err != nil {
		return nil, false, err
	}
	if partial = len(open) > homeQuestions; partial {
		open = open[:homeQuestions]
	}
	may, errs := step.Map(open, func(r cancellation.Request) (bool, error) { return d.mayConfirm(ctx, who, r) })
	for i, r := range open {
		if may[i] {
			all = append(all, r)
		}
		partial = partial || errs[i] != nil
	}
	return all, partial, nil
}

// mayConfirm asks what a click that confirms r asks: of several meetings, about each.
func (d *drawing) mayConfirm(ctx context.Context, who bot.Person, r cancellation.Request) (bool, error) {
	would := r
	if r.Batch == nil {
		would = r.Decided(cancellation.Decision{Scope: r.Scope, Chosen: r.Chosen, End: r.Meeting.Running}, d.Store.Now())
	}
	v := &step.Visit{Deps: d.Deps, In: &step.Envelope{Person: d.of.Person}, Person: who}
	no, err := v.May(ctx, access.Confirm, would)
	return err == nil && no == nil, err
}

// meetings fills in the person's meetings of the next days, the running ones first,
// and returns what their buttons mean. A meeting that had a button keeps it.
func (d *drawing) meetings(ctx context.Context, who bot.Person, f *hometab.Facts) []store.Listed {
	own, partial, err := ask.OwnedBy(ctx, d.Deps, who)
	if err != nil {
		d.Log.InfoContext(ctx, "no meetings for Home", "user", d.of.Person, "error", err)
		f.Failed, f.FailedUntil = step.ClassOf(err), step.AskedToWait(err, f.Now)
		return d.of.Listed
	}
	f.Partial = partial
	until := f.Now.Add(homeDays * homeDay)
	own = slices.DeleteFunc(own, func(m cancellation.Meeting) bool {
		return !m.Running && !m.Next().Before(until)
	})
	var listed []store.Listed
	for i, c := range ask.Choices(own) {
		m := hometab.Meeting{Choice: c}
		if i < hometab.MaxMeetings {
			m.ID = d.idOf(c.MeetingID)
			listed = append(listed, store.Listed{ID: m.ID, Meeting: c.MeetingID})
		}
		f.Meetings = append(f.Meetings, m)
	}
	return listed
}

// idOf is what a button calls a meeting.
func (d *drawing) idOf(meeting string) cancellation.ID {
	for _, l := range d.of.Listed {
		if l.Meeting == meeting {
			return l.ID
		}
	}
	return cancellation.NewID()
}

// lets are the delegations of the person that hold, with the moment at which they end.
// One to somebody who has left is over, though it may not be ended yet.
func (d *drawing) lets(ctx context.Context) ([]cancellation.Delegation, error) {
	all, err := d.Store.Delegations.GivenBy(ctx, d.of.Person)
	now, longest := d.Store.Now(), d.Rules.DelegationMax
	all = slices.DeleteFunc(all, func(d cancellation.Delegation) bool { return !d.HoldsAt(now, longest) })
	for i := range all {
		all[i].Until = all[i].Ends(longest)
	}
	receivers, errs := step.Map(all, func(l cancellation.Delegation) (bot.Person, error) {
		return d.Slack.Person(ctx, bot.UserID(l.Receiver))
	})
	standing := all[:0]
	for i, one := range all {
		if errs[i] != nil || !receivers[i].Deleted {
			standing = append(standing, one)
		}
	}
	return standing, err
}

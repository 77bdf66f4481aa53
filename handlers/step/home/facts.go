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

// What Home covers, and how long reading it may take.
const (
	homeAhead     = 7 * 24 * time.Hour  // of upcoming meetings
	homePast      = 30 * 24 * time.Hour // counts as "lately" for cancelled meetings
	homeTime      = 5 * time.Second     // for each part
	homeQuestions = 100                 // open cards checked for whether they wait for this person
)

// facts reads what a person's Home shows, and the meetings behind its buttons. If the
// meetings can't be read, Home says so. An error means that Home can't be drawn: the person
// or the store could not be read.
func (d *drawRun) facts(ctx context.Context) (hometab.Facts, []store.Listed, error) {
	who, err := d.Slack.Person(ctx, bot.UserID(d.of.Person))
	if err != nil {
		return hometab.Facts{}, nil, err
	}
	d.locale = who.Locale
	f := hometab.Facts{Now: d.Store.Now(), Channels: d.Access.Channels}
	if d.Rules.Keep > 0 && d.Rules.Keep < homePast {
		f.Kept = d.Rules.Keep
	}
	_, refusal, err := d.Access.May(ctx, access.Query{Verb: access.Home, Person: who, Now: f.Now})
	if err != nil || refusal != nil {
		f.Refusal = refusal
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
		f.Delegations, err = d.delegations(ctx)
		f.MayDelegate = d.Rules.DelegationMax > 0 && len(f.Delegations) < hometab.MaxDelegations
		return err
	})
	part(func(ctx context.Context) (err error) {
		f.Cancelled, err = d.Store.Requests.CancelledOf(ctx, d.of.Person, f.Now.Add(-homePast), hometab.MaxCancelled)
		return err
	})
	return f, listed, g.Wait()
}

// waiting returns the open questions that the person may confirm. partial reports that some
// could not be checked.
func (d *drawRun) waiting(ctx context.Context, who bot.Person) (all []cancellation.Request, partial bool, err error) {
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

// mayConfirm checks what a click that confirms r would check.
func (d *drawRun) mayConfirm(ctx context.Context, who bot.Person, r cancellation.Request) (bool, error) {
	would := r
	if r.Batch == nil {
		would = r.Decided(cancellation.Decision{Scope: r.Scope, Chosen: r.Chosen, End: r.Meeting.Running}, d.Store.Now())
	}
	v := &step.Visit{Deps: d.Deps, Run: d.run, In: &step.Envelope{Person: d.of.Person}, Person: who}
	refusal, err := v.May(ctx, access.Confirm, would)
	return err == nil && refusal == nil, err
}

// meetings fills in the person's meetings of the next days, running ones first, and returns
// the meetings behind the buttons. A meeting that had a button keeps its id.
func (d *drawRun) meetings(ctx context.Context, who bot.Person, f *hometab.Facts) []store.Listed {
	own, partial, err := ask.OwnedBy(ctx, d.Deps, who)
	if err != nil {
		d.Log.InfoContext(ctx, "the meetings for Home could not be read", "user", d.of.Person, "error", err)
		f.Failed, f.FailedUntil = step.ClassOf(err), step.AskedToWait(err, f.Now)
		return d.of.Listed
	}
	f.Partial = partial
	until := f.Now.Add(homeAhead)
	own = slices.DeleteFunc(own, func(m cancellation.Meeting) bool {
		return !m.Running && !m.Next().Before(until)
	})
	var listed []store.Listed
	for i, c := range ask.Choices(own) {
		m := hometab.Meeting{Choice: c}
		if i < hometab.MaxMeetings {
			m.ID = d.buttonID(c.MeetingID)
			listed = append(listed, store.Listed{ID: m.ID, Meeting: c.MeetingID})
		}
		f.Meetings = append(f.Meetings, m)
	}
	return listed
}

// buttonID returns the id of a meeting's button.
func (d *drawRun) buttonID(meeting string) cancellation.ID {
	for _, l := range d.of.Listed {
		if l.Meeting == meeting {
			return l.ID
		}
	}
	return cancellation.NewID()
}

// delegations returns the person's delegations that are in force, with the time they end.
// Those to deactivated people are left out even if they haven't been ended yet.
func (d *drawRun) delegations(ctx context.Context) ([]cancellation.Delegation, error) {
	all, err := d.Store.Delegations.GivenBy(ctx, d.of.Person)
	now, longest := d.Store.Now(), d.Rules.DelegationMax
	all = slices.DeleteFunc(all, func(d cancellation.Delegation) bool { return !d.HoldsAt(now, longest) })
	for i := range all {
		all[i].Until = all[i].Ends(longest)
	}
	receivers, errs := step.Map(all, func(l cancellation.Delegation) (bot.Person, error) {
		return d.Slack.Person(ctx, bot.UserID(l.Receiver))
	})
	active := all[:0]
	for i, one := range all {
		if errs[i] != nil || !receivers[i].Deleted {
			active = append(active, one)
		}
	}
	return active, err
}

package many

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/meetingapi"
)

// byDay asks about one person's meetings that start on the typed days, in the caller's time
// zone.
func (g *askRun) byDay(ctx context.Context) error {
	of, refusal, err := g.whose(ctx)
	if err != nil {
		return g.lookUpFailed(ctx, err)
	}
	if refusal != nil {
		return g.Refuse(ctx, g.R, *refusal)
	}
	zone, known := step.ZoneOf(g.Person)
	if !known {
		return g.zoneUnknown(ctx, of)
	}
	from, until, err := g.In.Command.Resolve(g.In.At, zone)
	if fault, wrong := errors.AsType[*command.Fault](err); wrong {
		return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.NothingOffered}, help.Fault(g.Page(), fault))
	}
	if err != nil {
		return err
	}
	d := &days{askRun: g, zone: zone, from: from, until: until}
	return d.gather(ctx, of)
}

// days is the period to search.
type days struct {
	*askRun
	zone        *time.Location
	from, until time.Time
}

// contains reports whether t is in the period.
func (d *days) contains(t time.Time) bool { return !t.Before(d.from) && t.Before(d.until) }

// A candidate is a listed meeting that may start in the period, and its first start there.
type candidate struct {
	meeting cancellation.Meeting
	first   time.Time
	starts  int // how many of its dates are in the period, as far as the list tells
}

// candidates returns the listed meetings that start in the period, or may, the earliest
// first.
func (d *days) candidates(all []cancellation.Meeting) []candidate {
	var found []candidate
	for _, m := range all {
		c := candidate{meeting: m}
		switch {
		case !m.Recurring && d.contains(m.Start):
			c.first, c.starts = m.Start, 1
		case m.Recurring && !m.DatesListed(), !m.Recurring && m.Start.IsZero(), m.KindUnknown && m.Start.Before(d.from):
			c.first, c.starts = d.from, 1 // only its details can tell
		case m.Recurring:
			for _, o := range slices.Backward(m.Occurrences) {
				if d.contains(o.Start) {
					c.first = o.Start
					c.starts++
				}
			}
			if c.starts == 0 && m.HidesBefore(d.until) {
				c.first, c.starts = d.from, 1
			}
		}
		if c.starts > 0 {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.first.Compare(b.first) })
	return found
}

// gather reads the first candidates and posts the card.
func (d *days) gather(ctx context.Context, of bot.Person) error {
	listed, cancel := d.Within(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, d.Deps, of)
	if err != nil {
		return d.lookUpFailed(ctx, err)
	}
	b := &draft{Batch: *d.R.Batch}
	b.Days, b.Partial = daysBetween(d.from, d.until, d.zone).String(), partial
	b.Line = askAgainLine(d.Asking)
	if !d.In.Command.Of.IsZero() {
		b.Whose = cmp.Or(string(of.ID), of.Email)
	}
	most := d.Rules.ManyMax
	if most <= 1 {
		most = page.MaxCopyLines
	}
	rest, err := d.fill(listed, b, d.candidates(all), most)
	if err != nil {
		return d.lookUpFailed(ctx, err)
	}
	b.earliestFirst()
	if d.Rules.ManyMax <= 1 {
		return d.oneByOne(ctx, &b.Batch, rest)
	}
	d.cut(&b.Batch, most, rest)
	return d.offerAll(ctx, &b.Batch)
}

// fill reads candidates, the earliest first, until the card has all it can take of what the
// asker may cancel, or no more may be read. It returns the candidates that it did not read.
// An item that starts before the next candidate can't be pushed off the card by it.
func (d *days) fill(ctx context.Context, b *draft, rest []candidate, most int) ([]candidate, error) {
	for read := 0; len(rest) > 0 && read < maxRead; {
		early := 0
		for _, it := range b.Items {
			if !b.Start(it).After(rest[0].first) {
				early++
			}
		}
		if early >= most {
			break
		}
		n := min(most-early, maxRead-read, len(rest))
		if err := roomFor(d.Deps, n); err != nil {
			if len(b.Items) > 0 {
				break // the card says what it leaves out, and what to type for it
			}
			return nil, err
		}
		if err := d.addStarting(ctx, b, rest[:n]); err != nil {
			return nil, err
		}
		if err := d.judge(ctx, b); err != nil {
			return nil, err
		}
		rest, read = rest[n:], read+n
	}
	return rest, nil
}

// maxRead is how many meetings one command may read.
const maxRead = 100

// addStarting reads meetings as they are now, and adds those that start in the period.
// Meetings that are gone are skipped; facts missing in an answer come from the list.
func (d *days) addStarting(ctx context.Context, b *draft, of []candidate) error {
	read, errs := step.Map(of, func(c candidate) (meetingapi.Meeting, error) {
		return d.Meetings.Meeting(ctx, meetingapi.ID(c.meeting.ID))
	})
	now := d.Store.Now()
	for i, err := range errs {
		f := step.Facts(read[i], now).Completed(of[i].meeting)
		number := cmp.Or(of[i].meeting.Number, of[i].meeting.ID)
		switch {
		case step.IsGone(read[i], err):
		case err != nil && d.GivesUp(err) && allFailed(errs) == nil:
			b.leaveOut(d.unread(ctx, number, err))
		case err != nil:
			return err
		case !f.Recurring && f.Start.IsZero():
			b.leaveOut(cancellation.LeftOut{Number: number, Subject: f.Subject, Why: answer.LeftNoStart})
		case f.Recurring || d.contains(f.Start):
			b.add(read[i], f, func(o cancellation.OccurrenceRef) bool { return d.contains(o.Start) }, now)
			if f.DatesListed() && f.HidesBefore(d.until) {
				b.unfit = append(b.unfit, unfit{f, answer.LeftUnlisted})
			}
		}
	}
	return nil
}

// zoneUnknown says that a time zone isn't known, so the days aren't either, and lists the
// meetings with their times for the asker to choose by number.
func (g *askRun) zoneUnknown(ctx context.Context, of bot.Person) error {
	listed, cancel := g.Within(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, g.Deps, of)
	if err != nil {
		return g.lookUpFailed(ctx, err)
	}
	shown, more := ask.Offered(all)
	m := list.DaysUnknown(g.Page(), g.In.Command, shown, more, partial)
	return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.ZoneUnknown}, m)
}

// whose returns the person whose meetings are meant, or an answer that says why not. It
// checks whether the caller may ask for them before it looks up anything else.
func (g *askRun) whose(ctx context.Context) (bot.Person, *answer.Answer, error) {
	of := g.In.Command.Of
	if of.IsZero() {
		return g.Person, nil, nil
	}
	ctx, cancel := g.Within(ctx, step.LookUpTime)
	defer cancel()
	p, err := g.named(ctx, of)
	found := err == nil
	if err != nil && !errors.Is(err, bot.ErrNoSuchPerson) {
		return p, nil, err
	}
	refusal, err := g.Access.MayListFor(ctx, g.Person, p)
	if err != nil || refusal != nil {
		return p, refusal, err
	}
	not := func(k answer.Kind) *answer.Answer {
		line := strings.Trim(of.String(), "<>")
		if of.ID != "" && p.Name != "" { // they picked a name, and never saw the id
			line = "@" + p.Name
		}
		return &answer.Answer{Kind: k, Line: line}
	}
	if !found && of.Email == "" || p.Bot || p.External && p.Email == "" {
		return p, not(answer.PersonUnknown), nil
	}
	switch accounts, err := g.Owners.AccountsOf(ctx, p); {
	case err == nil && len(accounts) == 0:
		return p, not(answer.PersonNoAccount), nil
	case err != nil && !meetingapi.IsDenied(err): // a login without that permission goes by the owners in what it sees
		return p, nil, err
	}
	return p, nil, nil
}

// named looks the person up in Slack. A person who isn't there any more is known only by
// their address.
func (g *askRun) named(ctx context.Context, of command.Person) (bot.Person, error) {
	switch {
	case of.ID != "":
		return g.Slack.Person(ctx, bot.UserID(of.ID))
	case of.Email != "":
		p, err := g.Slack.PersonByEmail(ctx, of.Email)
		if errors.Is(err, bot.ErrNoSuchPerson) {
			p = bot.Person{}
		}
		p.Email = of.Email
		return p, err
	}
	return bot.Person{}, bot.ErrNoSuchPerson // a mere name proves nothing
}

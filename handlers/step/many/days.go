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
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/meetingapi"
)

// byDay asks about the meetings of one person that start in the days that were
// typed, which are days where the caller is.
func (g *gathering) byDay(ctx context.Context) error {
	of, refusal, err := g.whose(ctx)
	if err != nil {
		return g.CannotServe(ctx, err)
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
		return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.NothingOffered}, g.Views.Fault(g.Person.Locale, fault))
	}
	if err != nil {
		return err
	}
	d := &days{gathering: g, zone: zone, from: from, until: until}
	return d.gather(ctx, of)
}

// days are what is looked for.
type days struct {
	*gathering
	zone        *time.Location
	from, until time.Time
}

// holds reports whether a moment is in the days.
func (d *days) holds(t time.Time) bool { return !t.Before(d.from) && t.Before(d.until) }

// A candidate is a meeting of the list that may be one of them, and its first start
// in the days.
type candidate struct {
	meeting cancellation.Meeting
	first   time.Time
	starts  int // how many of its dates are in the days, as far as the list tells
}

// candidates are the meetings of a list that start in the days, or may, the
// earliest first.
func (d *days) candidates(all []cancellation.Meeting) []candidate {
	var found []candidate
	for _, m := range all {
		c := candidate{meeting: m}
		switch {
		case !m.Recurring && d.holds(m.Start):
			c.first, c.starts = m.Start, 1
		case m.Recurring && !m.DatesTold(), !m.Recurring && m.Start.IsZero(), m.KindUnknown && m.Start.Before(d.from):
			c.first, c.starts = d.from, 1 // its details have to tell
		case m.Recurring:
			for _, o := range slices.Backward(m.Occurrences) {
				if d.holds(o.Start) {
					c.first = o.Start
					c.starts++
				}
			}
		}
		if c.starts > 0 {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.first.Compare(b.first) })
	return found
}

// gather reads the first of them and shows the card.
func (d *days) gather(ctx context.Context, of bot.Person) error {
	listed, cancel := context.WithTimeout(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, d.Deps, of)
	if err != nil {
		return d.CannotServe(ctx, err)
	}
	b := *d.R.Batch
	b.Days, b.Partial = dated(d.from, d.until, d.zone).String(), partial
	b.Line = again(d.Asking)
	if !d.In.Command.Of.IsZero() {
		b.Whose = cmp.Or(string(of.ID), of.Email)
	}
	most := d.Rules.ManyMax
	if most <= 1 {
		most = page.MaxToCopy
	}
	rest, err := d.fill(listed, &b, d.candidates(all), most)
	if err != nil {
		return d.CannotServe(ctx, err)
	}
	earliestFirst(&b)
	if d.Rules.ManyMax <= 1 {
		return d.oneByOne(ctx, &b, rest)
	}
	d.cut(&b, most, rest)
	return d.offerAll(ctx, &b)
}

// fill reads the candidates, the earliest first, until the card has all it takes of
// what the asker may cancel, or there is no room for more readings, and returns those that
// it did not read. What starts before the next candidate can't be pushed off the card by
// it.
func (d *days) fill(ctx context.Context, b *cancellation.Batch, rest []candidate, most int) ([]candidate, error) {
	for read := 0; len(rest) > 0 && read < mostRead; {
		early := 0
		for _, it := range b.Items {
			if !b.Start(it).After(rest[0].first) {
				early++
			}
		}
		if early >= most {
			break
		}
		n := min(most-early, mostRead-read, len(rest))
		if err := roomFor(d.Deps, n); err != nil {
			if len(b.Items) > 0 {
				break // the card says what it does not hold, and what to type for that
			}
			return nil, err
		}
		next := gathering{Asking: d.Asking}
		some := *b
		some.Items, some.Meetings = nil, b.Meetings
		if err := d.details(ctx, &next, &some, rest[:n]); err != nil {
			return nil, err
		}
		if err := next.withRights(ctx, &some); err != nil {
			return nil, err
		}
		some.Items = slices.Concat(b.Items, some.Items)
		*b, rest, read = some, rest[n:], read+n
	}
	return rest, nil
}

// mostRead is how many meetings one command reads, whatever becomes of them.
const mostRead = 100

// details reads meetings as they are now and adds them to b if they start in the days. One
// that is gone meanwhile is none; what an answer leaves out the list has told.
func (d *days) details(ctx context.Context, g *gathering, b *cancellation.Batch, of []candidate) error {
	read, errs := make([]meetingapi.Meeting, len(of)), make([]error, len(of))
	step.Each(len(of), func(i int) { read[i], errs[i] = d.Meetings.Meeting(ctx, meetingapi.ID(of[i].meeting.ID)) })
	for i, err := range errs {
		f := step.Facts(read[i], d.Store.Now()).Completed(of[i].meeting)
		number := cmp.Or(of[i].meeting.Number, of[i].meeting.ID)
		switch {
		case step.IsGone(read[i], err):
		case err != nil && d.GivesUp(err) && allFailed(errs) == nil:
			b.LeftOut = append(b.LeftOut, d.unread(ctx, number, err))
		case err != nil:
			return err
		case !f.Recurring && f.Start.IsZero():
			b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: number, Subject: f.Subject, Why: answer.LeftNoStart})
		case f.Recurring || d.holds(f.Start):
			g.add(b, f, read[i], func(o cancellation.OccurrenceRef) bool { return d.holds(o.Start) })
		}
	}
	return nil
}

// cut keeps as many as one card takes, the earliest, and says how to ask for the rest:
// by days, and by themselves for what is left of the last day on the card.
func (d *days) cut(b *cancellation.Batch, most int, rest []candidate) {
	kept := min(most, len(b.Items))
	var last command.Day // on the card
	if kept > 0 {
		last = d.day(b.Start(b.Items[kept-1]))
	}
	var next time.Time // that is not of the last day
	same := command.Command{Verb: command.Many, As: d.In.Command.As, End: d.In.Command.End, Reason: d.In.Command.Reason}
	var dates []command.Command
	later := func(m cancellation.Meeting, start time.Time) {
		b.More++
		switch {
		case d.day(start) != last:
			if next.IsZero() || start.Before(next) {
				next = start
			}
		case m.Recurring:
			dates = append(dates, d.single(m, start))
		default:
			same.Numbers = append(same.Numbers, m.Typed())
		}
	}
	for _, it := range b.Items[kept:] {
		later(b.Meetings[it.Meeting], b.Start(it))
	}
	for _, c := range rest {
		later(c.meeting, c.first)
		for _, o := range c.meeting.Occurrences {
			if d.holds(o.Start) && !o.Start.Equal(c.first) {
				later(c.meeting, o.Start)
			}
		}
	}
	b.Items = b.Items[:kept]
	var all []command.Command
	if len(same.Numbers) > 0 {
		all = same.Portions(most)
	}
	all = append(all, dates...)
	if !next.IsZero() {
		c := d.In.Command
		c.Days = dated(next, d.until, d.zone)
		all = append(all, c)
	}
	b.MoreLine = strings.Join(lines(all), "\n")
}

// single is the command for one meeting, or for the date of a series that starts then.
func (d *days) single(m cancellation.Meeting, start time.Time) command.Command {
	c := command.Command{Verb: command.Cancel, As: d.In.Command.As, Number: m.Typed(), End: d.In.Command.End, Reason: d.In.Command.Reason}
	if m.Recurring {
		at := start.In(d.zone)
		c.Occurrence = command.Occurrence{Date: at.Format(time.DateOnly), Time: at.Format("15:04")}
	}
	return c
}

// day is the calendar day of a moment where the caller is.
func (d *days) day(t time.Time) command.Day { return dayOf(t, d.zone) }

// oneByOne gives the commands for one meeting each, where the operator wants no
// cards with several. rest was not read.
func (d *days) oneByOne(ctx context.Context, b *cancellation.Batch, rest []candidate) error {
	if len(b.Items) == 0 {
		d.cut(b, 1, rest)
		return d.offerAll(ctx, b)
	}
	var all []command.Command
	for _, it := range b.Items {
		all = append(all, d.single(b.Meetings[it.Meeting], b.Start(it)))
	}
	return d.RefuseWith(ctx, d.R, answer.Answer{Kind: answer.TooManyNumbers}, d.Views.OneByOne(d.Person.Locale, *b, lines(all), len(rest)))
}

// zoneUnknown tells somebody whose days nobody knows, and shows the meetings with
// their times, from which they choose by number.
func (g *gathering) zoneUnknown(ctx context.Context, of bot.Person) error {
	listed, cancel := context.WithTimeout(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, g.Deps, of)
	if err != nil {
		return g.CannotServe(ctx, err)
	}
	rows := ask.Choices(all)
	shown := rows[:min(len(rows), ask.ListLength)]
	m := g.Views.DaysUnknown(g.Person.Locale, g.In.Command.Days.String(), shown, len(rows)-len(shown), partial)
	return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.ZoneUnknown}, m)
}

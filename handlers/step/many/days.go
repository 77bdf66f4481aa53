package many

import (
	"cmp"
	"context"
	"errors"
	"slices"
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
		return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.NothingOffered}, help.Fault(g.Page(), fault))
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

// gather reads the first of them and shows the card.
func (d *days) gather(ctx context.Context, of bot.Person) error {
	listed, cancel := context.WithTimeout(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, d.Deps, of)
	if err != nil {
		return d.CannotServe(ctx, err)
	}
	b := &draft{Batch: *d.R.Batch}
	b.Days, b.Partial = dated(d.from, d.until, d.zone).String(), partial
	b.Line = again(d.Asking)
	if !d.In.Command.Of.IsZero() {
		b.Whose = cmp.Or(string(of.ID), of.Email)
	}
	most := d.Rules.ManyMax
	if most <= 1 {
		most = page.MaxToCopy
	}
	rest, err := d.fill(listed, b, d.candidates(all), most)
	if err != nil {
		return d.CannotServe(ctx, err)
	}
	b.earliestFirst()
	if d.Rules.ManyMax <= 1 {
		return d.oneByOne(ctx, &b.Batch, rest)
	}
	d.cut(&b.Batch, most, rest)
	return d.offerAll(ctx, &b.Batch)
}

// fill reads the candidates, the earliest first, until the card has all it takes of what
// the asker may cancel, or there is no room for more readings, and returns those that it
// did not read. What starts before the next candidate can't be pushed off the card by it.
func (d *days) fill(ctx context.Context, b *draft, rest []candidate, most int) ([]candidate, error) {
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
		if err := d.takeIn(ctx, b, rest[:n]); err != nil {
			return nil, err
		}
		if err := d.judge(ctx, b); err != nil {
			return nil, err
		}
		rest, read = rest[n:], read+n
	}
	return rest, nil
}

// mostRead is how many meetings one command reads, whatever becomes of them.
const mostRead = 100

// takeIn reads meetings as they are now and takes them in if they start in the days. One
// that is gone meanwhile is none; what an answer leaves out the list has told.
func (d *days) takeIn(ctx context.Context, b *draft, of []candidate) error {
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
		case f.Recurring || d.holds(f.Start):
			b.add(read[i], f, func(o cancellation.OccurrenceRef) bool { return d.holds(o.Start) }, now)
			if f.DatesTold() && f.HidesBefore(d.until) {
				b.unfit = append(b.unfit, unfit{f, answer.LeftUnlisted})
			}
		}
	}
	return nil
}

// zoneUnknown says that somebody's time zone isn't known, so that their days aren't either, and
// shows the meetings with their times, for the asker to choose by number.
func (g *gathering) zoneUnknown(ctx context.Context, of bot.Person) error {
	listed, cancel := context.WithTimeout(ctx, step.LookUpTime)
	defer cancel()
	all, partial, err := ask.OwnedBy(listed, g.Deps, of)
	if err != nil {
		return g.CannotServe(ctx, err)
	}
	shown, more := ask.Offered(all)
	m := list.DaysUnknown(g.Page(), g.In.Command.Days.String(), shown, more, partial)
	return g.RefuseWith(ctx, g.R, answer.Answer{Kind: answer.ZoneUnknown}, m)
}

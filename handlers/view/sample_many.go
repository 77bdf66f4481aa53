package view

import (
	"fmt"
	"slices"
	"time"

	"meetingbot/internal/cancellation"
)

// sampleMany asks about n meetings; every third one is a date of one series, and the
// first is running.
func sampleMany(n int) cancellation.Request {
	r := samplePlanned()
	r.Number, r.Meeting, r.Scope = "", cancellation.Meeting{}, cancellation.Undecided
	b := &cancellation.Batch{Line: "/cancel-meeting 2026-12-01..2026-12-05", Days: "2026-12-01..2026-12-05", Whose: olga}
	series := sampleRecurring().Meeting
	for i := range series.Occurrences {
		series.Occurrences[i].Start = series.Occurrences[i].Start.Add(20 * time.Minute)
	}
	series.OwnerUUID, series.Subject = "uuid-1", "Weekly review"
	for i := range n {
		if i%3 == 2 {
			at := slices.IndexFunc(b.Meetings, func(m cancellation.Meeting) bool { return m.Recurring })
			if at < 0 {
				at = len(b.Meetings)
				b.Meetings = append(b.Meetings, series)
			}
			b.Items = append(b.Items, cancellation.Item{Meeting: at, Date: series.Occurrences[(i/3)%9], Ticked: true})
			continue
		}
		m := samplePlanned().Meeting
		m.ID = fmt.Sprintf("9850000%02d", i)
		m.Number, m.OwnerUUID, m.Subject = m.ID, fmt.Sprintf("uuid-%d", i%2), fmt.Sprintf("Planning <%d>", i)
		m.Start, m.End = m.Start.Add(time.Duration(i)*time.Hour), m.End.Add(time.Duration(i)*time.Hour)
		m.Running = i == 0
		b.Items = append(b.Items, cancellation.Item{Meeting: len(b.Meetings), Running: m.Running, Ticked: !m.Running})
		b.Meetings = append(b.Meetings, m)
	}
	r.Batch = b
	return r
}

func onBatch(change func(*cancellation.Batch)) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		b := *r.Batch
		b.Items, b.Meetings = slices.Clone(b.Items), slices.Clone(b.Meetings)
		change(&b)
		r.Batch = &b
	}
}

// reviewing is the second page, with the running one ticked too.
func reviewing(r *cancellation.Request) {
	all := make([]int, len(r.Batch.Items))
	for i := range all {
		all[i] = i
	}
	r.Batch = r.Batch.WithTicks(all, true)
	r.Batch = r.Batch.WithOwners([]cancellation.Owner{
		{UUID: "uuid-0", Name: "Olga Nowak", User: olga}, {UUID: "uuid-1", Name: "Lee Chan", Result: cancellation.NoticeNotFound},
	})
	r.Batch.Takes = 70 * time.Second
}

// withParts gives the items these states and outcomes, over and over.
func withParts(items ...cancellation.Item) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		reviewing(r)
		r.ConfirmedBy, r.ConfirmedAt = bob, noon
		onBatch(func(b *cancellation.Batch) {
			for i := range b.Items {
				it := items[i%len(items)]
				it.Meeting, it.Date, it.Running, it.Ticked = b.Items[i].Meeting, b.Items[i].Date, b.Items[i].Running, true
				it.Part = cancellation.ID(fmt.Sprintf("part-%d", i))
				b.Items[i] = it
			}
		})(r)
	}
}

func finished(outcome cancellation.Outcome, results ...cancellation.NoticeResult) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome, r.ClosedAt = cancellation.Done, outcome, noon
		onBatch(func(b *cancellation.Batch) {
			b.Round = 1
			for i, result := range results {
				b.Owners[i].Result, b.Owners[i].Round = result, 1
			}
		})(r)
	}
}

func over(o cancellation.Outcome, why string) cancellation.Item {
	return cancellation.Item{State: cancellation.Done, Outcome: o, Why: why, Fed: true}
}

// manyRequests are the samples of cards with several meetings.
func manyRequests() map[string]cancellation.Request {
	left := onBatch(func(b *cancellation.Batch) {
		for _, why := range []string{LeftNotFound, LeftUnread, LeftRoom, LeftSeries, LeftUnlisted, LeftWebinar, LeftEnded, string(LeadTime), string(NotAllowed)} {
			b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: fmt.Sprintf("9140000%02d", len(b.LeftOut)), Why: why})
		}
		b.LeftOut[7].Subject, b.LeftOut[7].Start = "Soon & here", noon.Add(time.Hour)
		b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: "914000020", Why: LeftRoom}, cancellation.LeftOut{Number: "914000021", Why: LeftRoom})
	})
	return map[string]cancellation.Request{
		"many_asked": sampleMany(5),
		"many_asked_twenty": change(sampleMany(20), reasoned, onBatch(func(b *cancellation.Batch) {
			b.More, b.MoreLine, b.Partial = 17, `/cancel-meeting 2026-12-04..2026-12-05 --of <@U0OLGA003> --reason "ill"`, true
		})),
		"many_asked_numbers": change(sampleMany(3), left, endAsked, onBatch(func(b *cancellation.Batch) {
			b.Days, b.Whose, b.Meetings[1].StateKnown = "", "", false
		})),
		"many_asked_series": change(sampleMany(3), onBatch(func(b *cancellation.Batch) {
			for i, m := range b.Meetings {
				if m.Recurring {
					b.Meetings[i].Occurrences, b.Meetings[i].DatesKnown = m.Occurrences[:1], true
				}
			}
		})),
		"many_asked_left":   change(sampleMany(2), onBatch(func(b *cancellation.Batch) { b.Whose = "leaver@example.com" })),
		"many_review":       change(sampleMany(7), reviewing),
		"many_review_plain": change(sampleMany(4), func(r *cancellation.Request) { r.Batch = r.Batch.WithTicks([]int{1, 2, 3}, true) }),
		"many_review_end":   change(sampleMany(1), reviewing),
		"many_undo":         change(sampleMany(4), reviewing, inState(cancellation.Confirmed), undoWindow),
		"many_begun":        change(sampleMany(4), reviewing, inState(cancellation.Calling)),
		"many_working": change(sampleMany(7), withParts(over(cancellation.Cancelled, ""), over(cancellation.Gone, ""), cancellation.Item{State: cancellation.Calling, Fed: true},
			cancellation.Item{State: cancellation.Confirmed}), inState(cancellation.Calling)),
		"many_waiting": change(sampleMany(4), withParts(over(cancellation.Ended, ""), cancellation.Item{State: cancellation.Calling, Fed: true, Wait: noon.Add(90 * time.Second)},
			cancellation.Item{State: cancellation.Confirmed}), inState(cancellation.Calling), reasoned),
		"many_done":  change(sampleMany(4), withParts(over(cancellation.Cancelled, "")), finished(cancellation.Cancelled, cancellation.NoticeSent, cancellation.NoticeNotFound)),
		"many_ended": change(sampleMany(1), withParts(over(cancellation.Ended, "")), finished(cancellation.Ended, cancellation.NoticeOwnAction)),
		"many_part": change(sampleMany(20), withParts(over(cancellation.Cancelled, ""), over(cancellation.Ended, ""), over(cancellation.Gone, ""),
			over(cancellation.Refused, "changed"), over(cancellation.Failed, "server"), over(cancellation.Unknown, "unavailable"), cancellation.Item{State: cancellation.Declined}),
			finished(cancellation.Unknown, cancellation.NoticeRefused), reasoned),
		"many_none":       change(sampleMany(3), withParts(over(cancellation.Refused, "started"), over(cancellation.Refused, "stale"), over(cancellation.Failed, "denied")), finished(cancellation.Failed)),
		"many_unknown":    change(sampleMany(2), withParts(over(cancellation.Unknown, "unavailable")), finished(cancellation.Unknown)),
		"many_kept":       change(sampleMany(4), inState(cancellation.Declined)),
		"many_undone":     change(sampleMany(4), reviewing, undoWindow, inState(cancellation.Declined), func(r *cancellation.Request) { r.ConfirmedBy = bob }),
		"many_expired":    change(sampleMany(4), inState(cancellation.Expired)),
		"many_superseded": change(sampleMany(4), inState(cancellation.Superseded)),
		"many_stale":      change(sampleMany(4), func(r *cancellation.Request) { r.Supersedes, r.Anew = "earlier", cancellation.AnewStale }),
		"many_received":   change(sampleMany(4), inState(cancellation.Received), onBatch(func(b *cancellation.Batch) { b.Items, b.Meetings = nil, nil })),
	}
}

// manySamples are the samples of everything about several meetings.
func manySamples() []sample {
	var all []sample
	for name, r := range manyRequests() {
		all = append(all, sample{"card_" + name, r.ID, func(v *Renderer, _ string) any { return v.Card(r, noon) }})
		if r.State == cancellation.Done {
			all = append(all,
				sample{"thread_" + name, r.ID, func(v *Renderer, _ string) any { return v.ThreadReply(r) }},
				sample{"owner_" + name, r.ID, func(v *Renderer, locale string) any {
					return v.ManyOwnerNotice(locale, r, r.Batch.Owners[:1], sampleLink)
				}},
				sample{"asker_" + name, r.ID, func(v *Renderer, locale string) any { return v.AskerNotice(locale, r, sampleLink) }})
		}
	}
	second := func(s cancellation.SecondPerson, r cancellation.Request) sample {
		return sample{"card_many_second_" + string(s), r.ID, func(v *Renderer, _ string) any {
			strict := *v
			strict.Second = s
			return strict.Card(r, noon)
		}}
	}
	minimal := change(sampleMany(5), reviewing)
	var lines []string
	for i := range 23 {
		lines = append(lines, fmt.Sprintf(`/cancel-meeting 98500%04d --reason "ill"`, i))
	}
	nothing := func(name string, b cancellation.Batch) sample {
		return sample{"many_nothing_" + name, "", func(v *Renderer, locale string) any { return v.NothingOffered(locale, b) }}
	}
	return append(all,
		second(cancellation.SecondMany, sampleMany(3)), second(cancellation.SecondEnd, change(sampleMany(3), reviewing)),
		second(cancellation.SecondAlways, sampleMany(3)), second(cancellation.SecondSeries, manyRequests()["many_asked_series"]),
		sample{"card_many_minimal", minimal.ID, func(v *Renderer, _ string) any {
			discreet := *v
			discreet.Minimal = true
			return discreet.Card(minimal, noon)
		}},
		sample{"many_portions", "", func(v *Renderer, locale string) any { return v.Portions(locale, 41, 20, lines[:3]) }},
		sample{"many_portions_one", "", func(v *Renderer, locale string) any { return v.Portions(locale, 23, 1, lines) }},
		nothing("days", cancellation.Batch{Days: "2026-12-01"}),
		nothing("of", cancellation.Batch{Days: "2026-12-01", Whose: olga}),
		nothing("left", *manyRequests()["many_asked_numbers"].Batch),
		sample{"many_days_unknown", "", func(v *Renderer, locale string) any {
			return v.DaysUnknown(locale, "today", sampleChoices()[:3], 2, false)
		}},
		sample{"many_days_unknown_none", "", func(v *Renderer, locale string) any { return v.DaysUnknown(locale, "today", nil, 0, true) }},
		sample{"history_many", "", func(v *Renderer, locale string) any {
			all := manyRequests()
			return v.History(locale, []cancellation.Request{all["many_part"], all["many_done"], all["many_kept"]})
		}},
	)
}

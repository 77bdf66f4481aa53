package sample

import (
	"fmt"
	"slices"
	"time"

	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// Many asks about n meetings. The first is running, and every third is a date of one series.
func Many(n int) cancellation.Request {
	r := Planned()
	r.Number, r.Meeting, r.Scope = "", cancellation.Meeting{}, cancellation.Undecided
	b := &cancellation.Batch{Line: "/cancel-meeting 2026-12-01..2026-12-05", Days: "2026-12-01..2026-12-05", Whose: Olga}
	series := Recurring().Meeting
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
		m := Planned().Meeting
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

// OnBatch applies a change to a copy of the request's batch.
func OnBatch(change func(*cancellation.Batch)) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		b := *r.Batch
		b.Items, b.Meetings = slices.Clone(b.Items), slices.Clone(b.Meetings)
		change(&b)
		r.Batch = &b
	}
}

// Reviewing turns to the second page, with the running meeting ticked too.
func Reviewing(r *cancellation.Request) {
	r.Batch = r.Batch.WithTicks(r.Batch.All()).OnPage(true).WithOwners([]cancellation.Owner{
		{UUID: "uuid-0", Name: "Olga Nowak", User: Olga}, {UUID: "uuid-1", Name: "Lee Chan", Result: cancellation.NoticeNotFound},
	})
	r.Batch.Takes = 70 * time.Second
}

// WithParts gives the items these states and outcomes in turn, repeating them as needed.
func WithParts(items ...cancellation.Item) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		Reviewing(r)
		r.ConfirmedBy, r.ConfirmedAt = Bob, Noon
		OnBatch(func(b *cancellation.Batch) {
			for i := range b.Items {
				it := items[i%len(items)]
				it.Meeting, it.Date, it.Running, it.Ticked = b.Items[i].Meeting, b.Items[i].Date, b.Items[i].Running, true
				it.Part = cancellation.ID(fmt.Sprintf("part-%d", i))
				b.Items[i] = it
			}
		})(r)
	}
}

// Finished ends the request with an outcome, and notices to owners with these results.
func Finished(outcome cancellation.Outcome, results ...cancellation.NoticeResult) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome, r.ClosedAt = cancellation.Done, outcome, Noon
		OnBatch(func(b *cancellation.Batch) {
			b.Round = 1
			for i, result := range results {
				b.Owners[i].Result, b.Owners[i].Round = result, 1
			}
		})(r)
	}
}

// Over returns an item that is done.
func Over(o cancellation.Outcome, why string) cancellation.Item {
	return cancellation.Item{State: cancellation.Done, Outcome: o, Why: why, Started: true}
}

// ManyRequests returns sample requests about several meetings, by name.
func ManyRequests() map[string]cancellation.Request {
	left := OnBatch(func(b *cancellation.Batch) {
		for _, why := range []string{answer.LeftNotFound, answer.LeftUnread, answer.LeftRoom, answer.LeftSeries, answer.LeftUnlisted, answer.LeftWebinar, answer.LeftEnded, string(answer.LeadTime), string(answer.StartUnknown), string(answer.NotAllowed), answer.LeftListClosed} {
			b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: fmt.Sprintf("9140000%02d", len(b.LeftOut)), Why: why})
		}
		b.LeftOut[7].Subject, b.LeftOut[7].Start = "Soon & here", Noon.Add(time.Hour)
		b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: "914000020", Why: answer.LeftRoom}, cancellation.LeftOut{Number: "914000021", Why: answer.LeftRoom})
	})
	return map[string]cancellation.Request{
		"many_asked": Many(5),
		"many_asked_twenty": Change(Many(20), Reasoned, OnBatch(func(b *cancellation.Batch) {
			b.More, b.MoreLine, b.Partial = 17, `/cancel-meeting 2026-12-04..2026-12-05 --of <@U0OLGA003> --reason "ill"`, true
		})),
		"many_asked_numbers": Change(Many(3), left, EndAsked, OnBatch(func(b *cancellation.Batch) {
			b.Days, b.Whose, b.Meetings[1].StateKnown = "", "", false
		})),
		"many_asked_series": Change(Many(3), OnBatch(func(b *cancellation.Batch) {
			for i, m := range b.Meetings {
				if m.Recurring {
					b.Meetings[i].Occurrences, b.Meetings[i].DatesKnown = m.Occurrences[:1], true
				}
			}
		})),
		"many_asked_left": Change(Many(2), OnBatch(func(b *cancellation.Batch) {
			b.Whose = "leaver@example.com"
			b.LeftOut = []cancellation.LeftOut{{Number: "914000001", Why: answer.LeftKindUnknown}, {Number: "914000002", Subject: "Soon", Why: answer.LeftNoStart}}
		})),
		"many_review":       Change(Many(7), Reviewing),
		"many_review_plain": Change(Many(4), func(r *cancellation.Request) { r.Batch = r.Batch.WithTicks([]int{1, 2, 3}).OnPage(true) }),
		"many_review_end":   Change(Many(1), Reviewing),
		"many_undo":         Change(Many(4), Reviewing, InState(cancellation.Confirmed), UndoWindow),
		"many_begun":        Change(Many(4), Reviewing, InState(cancellation.Calling)),
		"many_working": Change(Many(7), WithParts(Over(cancellation.Cancelled, ""), Over(cancellation.Gone, ""), cancellation.Item{State: cancellation.Calling, Started: true},
			cancellation.Item{State: cancellation.Confirmed}), InState(cancellation.Calling)),
		"many_waiting": Change(Many(4), WithParts(Over(cancellation.Ended, ""), cancellation.Item{State: cancellation.Calling, Started: true, Wait: Noon.Add(90 * time.Second)},
			cancellation.Item{State: cancellation.Confirmed}), InState(cancellation.Calling), Reasoned),
		"many_locked": Change(Many(2), WithParts(cancellation.Item{State: cancellation.Confirmed, Started: true, Wait: Noon.Add(90 * time.Second), Why: "locked"}),
			InState(cancellation.Calling)),
		"many_done":  Change(Many(4), WithParts(Over(cancellation.Cancelled, "")), Finished(cancellation.Cancelled, cancellation.NoticeSent, cancellation.NoticeNotFound)),
		"many_ended": Change(Many(1), WithParts(Over(cancellation.Ended, "")), Finished(cancellation.Ended, cancellation.NoticeOwnAction)),
		"many_part": Change(Many(20), WithParts(Over(cancellation.Cancelled, ""), Over(cancellation.Ended, ""), Over(cancellation.Gone, ""),
			Over(cancellation.Refused, "changed"), Over(cancellation.Failed, "server"), Over(cancellation.Unknown, "unavailable"), cancellation.Item{State: cancellation.Declined}),
			Finished(cancellation.Unknown, cancellation.NoticeRefused), Reasoned),
		"many_none":    Change(Many(3), WithParts(Over(cancellation.Refused, "started"), Over(cancellation.Refused, "stale"), Over(cancellation.Failed, "denied")), Finished(cancellation.Failed)),
		"many_unknown": Change(Many(2), WithParts(Over(cancellation.Unknown, "unavailable")), Finished(cancellation.Unknown)),
		"many_doubt": Change(Many(4), WithParts(Over(cancellation.Cancelled, ""), cancellation.Item{State: cancellation.Declined, Why: cancellation.WhyInDoubt},
			cancellation.Item{State: cancellation.Declined}, Over(cancellation.Refused, cancellation.WhyInDoubt)), Finished(cancellation.Cancelled, cancellation.NoticeSent)),
		"many_kept_doubt":    Change(Many(4), InDoubt, InState(cancellation.Declined)),
		"many_stopped_doubt": Change(Many(4), WithParts(cancellation.Item{State: cancellation.Declined}, cancellation.Item{State: cancellation.Declined, Why: cancellation.WhyInDoubt}), InDoubt, InState(cancellation.Declined)),
		"many_expired_doubt": Change(Many(4), InDoubt, InState(cancellation.Expired)),
		"many_kept":          Change(Many(4), InState(cancellation.Declined)),
		"many_undone":        Change(Many(4), Reviewing, UndoWindow, InState(cancellation.Declined), func(r *cancellation.Request) { r.ConfirmedBy = Bob }),
		"many_expired":       Change(Many(4), InState(cancellation.Expired)),
		"many_superseded":    Change(Many(4), InState(cancellation.Superseded)),
		"many_stale":         Change(Many(4), func(r *cancellation.Request) { r.Supersedes, r.AskAgain = "earlier", cancellation.AskAgainStale }),
	}
}

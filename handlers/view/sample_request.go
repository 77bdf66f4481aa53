package view

import (
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

func samplePlanned() cancellation.Request {
	return cancellation.Request{
		ID: "abcdefghijklmnopqrstuvwxyz", State: cancellation.Asked, Asker: ana, Channel: "C0OPS0001", Number: "914087436",
		Scope: cancellation.Whole, CreatedAt: noon, ExpiresAt: noon.Add(15 * time.Minute),
		Meeting: cancellation.Meeting{
			ID: "914087436", Number: "914087436", Subject: "Budget & plans <Q1>", StateKnown: true, DatesKnown: true,
			Start: noon.Add(2 * time.Hour), End: noon.Add(2*time.Hour + 45*time.Minute), OwnerName: "Olga Nowak", OwnerUUID: "uuid-olga",
		},
	}
}

func sampleRunning() cancellation.Request {
	r := samplePlanned()
	r.Meeting.Start, r.Meeting.End = noon.Add(-10*time.Minute), noon.Add(80*time.Minute)
	r.Meeting.Running, r.Meeting.People = true, 7
	return r
}

func sampleRecurring() cancellation.Request {
	r := samplePlanned()
	r.Scope, r.Meeting.Recurring, r.Meeting.Subject = cancellation.Undecided, true, "Weekly review"
	r.Meeting.Rule = cancellation.Rule{Cycle: "Week", Interval: 1, Points: []int{2}, Until: "2027-01-26"}
	for i := range 9 {
		start := noon.Add(2*time.Hour).AddDate(0, 0, 7*i)
		r.Meeting.Occurrences = append(r.Meeting.Occurrences, cancellation.OccurrenceRef{
			ID: fmt.Sprintf("occurrence-%d", i), Start: start, End: start.Add(45 * time.Minute),
		})
	}
	return r
}

func sampleRecurringRunning() cancellation.Request {
	r := sampleRecurring()
	r.Meeting.Running, r.Meeting.Start, r.Meeting.End = true, noon.Add(-10*time.Minute), noon.Add(35*time.Minute)
	r.Meeting.Occurrences[0].Start = r.Meeting.Start
	return r
}

// change changes a request.
func change(r cancellation.Request, changes ...func(*cancellation.Request)) cancellation.Request {
	for _, change := range changes {
		change(&r)
	}
	return r
}

func scoped(s cancellation.Scope, chosen ...int) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Scope = s
		for _, i := range chosen {
			r.Chosen = append(r.Chosen, r.Meeting.Occurrences[i].ID)
		}
	}
}

func endAsked(r *cancellation.Request) { r.End = true }
func reasoned(r *cancellation.Request) { r.Reason = "the *room* is flooded & cold" }

func inState(s cancellation.State) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State = s
		switch s {
		case cancellation.Confirmed, cancellation.Calling:
			r.ConfirmedBy, r.ConfirmedAt = bob, noon
		case cancellation.Declined:
			r.ClosedBy, r.ClosedAt = bob, noon
		default:
		}
	}
}

func doneWith(o cancellation.Outcome, why string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome, r.Why = cancellation.Done, o, why
		r.ConfirmedBy, r.ConfirmedAt, r.ClosedAt = bob, noon, noon.Add(time.Second)
		if !o.Removed() {
			r.Reference = "5f2c1d9e-0d1b-4c55"
		}
	}
}

func ownerNotice(result cancellation.NoticeResult) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Owner = cancellation.Notice{Result: result, User: olga, Name: "Olga Nowak"}
	}
}

func invited(notifies string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Meeting.Invited, r.Meeting.InvitedKnown, r.Meeting.Notifies = 12, true, notifies
	}
}

// weeks makes the series so many dates long.
func weeks(n int) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		first := r.Meeting.Occurrences[0]
		r.Meeting.Occurrences = nil
		for i := range n {
			r.Meeting.Occurrences = append(r.Meeting.Occurrences, cancellation.OccurrenceRef{
				ID: fmt.Sprintf("occurrence-%d", i), Start: first.Start.AddDate(0, 0, 7*i), End: first.End.AddDate(0, 0, 7*i),
			})
		}
	}
}

func waiting(r *cancellation.Request) { r.WaitUntil = noon.Add(90 * time.Second) }

func closedElsewhere(r *cancellation.Request) { r.Elsewhere = true }

// asksOlga puts the question to the owner, who reads Portuguese.
func asksOlga(r *cancellation.Request) {
	r.For, r.Locale, r.Reason = olga, "pt-BR", "the *room* is flooded & cold"
	r.Card.Way, r.ExpiresAt = cancellation.ByDirect, noon.Add(90*time.Minute)
}

func muted(r *cancellation.Request) { r.MutedUntil = noon.AddDate(0, 0, 30) }

func stateUnknown(r *cancellation.Request) { r.Meeting.StateKnown = false }

func undoWindow(r *cancellation.Request) { r.UndoUntil = noon.Add(25 * time.Second) }

// sampleFinals are requests at the end of their life, by name.
func sampleFinals() map[string]cancellation.Request {
	confirmed := func(r *cancellation.Request) { r.ConfirmedBy = ana }
	return map[string]cancellation.Request{
		"cancelled":       change(samplePlanned(), reasoned, doneWith(cancellation.Cancelled, "")),
		"ended":           change(sampleRunning(), endAsked, doneWith(cancellation.Ended, "")),
		"series":          change(sampleRecurring(), scoped(cancellation.Series), doneWith(cancellation.Cancelled, "")),
		"series_ended":    change(sampleRecurringRunning(), endAsked, scoped(cancellation.Series), doneWith(cancellation.Ended, "")),
		"date":            change(sampleRecurring(), scoped(cancellation.Occurrence, 1), doneWith(cancellation.Cancelled, "")),
		"dates":           change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), doneWith(cancellation.Cancelled, "")),
		"dates_ended":     change(sampleRecurringRunning(), endAsked, scoped(cancellation.Occurrence, 0, 3), doneWith(cancellation.Ended, "")),
		"gone":            change(samplePlanned(), doneWith(cancellation.Gone, "")),
		"refused_started": change(sampleRunning(), doneWith(cancellation.Refused, "started")),
		"refused_denied":  change(samplePlanned(), doneWith(cancellation.Refused, "denied")),
		"failed":          change(samplePlanned(), doneWith(cancellation.Failed, "unavailable")),
		"unknown":         change(samplePlanned(), doneWith(cancellation.Unknown, "unknown_outcome")),
		"dates_gone":      change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), doneWith(cancellation.Gone, "")),
		"dates_refused":   change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), doneWith(cancellation.Refused, "started")),
		"dates_failed":    change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), doneWith(cancellation.Failed, "server")),
		"dates_unknown":   change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), doneWith(cancellation.Unknown, "")),
		"kept":            change(samplePlanned(), inState(cancellation.Declined)),
		"undone":          change(samplePlanned(), confirmed, undoWindow, inState(cancellation.Declined)),
		"expired":         change(samplePlanned(), inState(cancellation.Expired)),
		"stopped":         change(samplePlanned(), confirmed, inState(cancellation.Declined)),
		"elsewhere":       change(samplePlanned(), closedElsewhere, inState(cancellation.Superseded)),
		"elsewhere_gone":  change(samplePlanned(), closedElsewhere, doneWith(cancellation.Gone, "")),
		"over":            change(samplePlanned(), closedElsewhere, doneWith(cancellation.Gone, cancellation.WhyOver)),
		"superseded":      change(samplePlanned(), inState(cancellation.Superseded)),
	}
}

func sampleChoices() []cancellation.Choice {
	var all []cancellation.Choice
	for i := range 17 {
		all = append(all, cancellation.Choice{
			MeetingID: fmt.Sprint(914087436 + i), Number: fmt.Sprint(914087436 + i), Subject: fmt.Sprintf("Planning %d", i+1),
			Start: noon.Add(time.Duration(20-i) * time.Hour), End: noon.Add(time.Duration(21-i) * time.Hour), Owner: "Olga Nowak",
		})
	}
	all[15].Recurring = true
	all[16].Running, all[16].Subject = true, ""
	return all
}

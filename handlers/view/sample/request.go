package sample

import (
	"fmt"
	"slices"
	"time"

	"meetingbot/internal/cancellation"
)

// Noon is the current time in the samples.
var Noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// The people in the samples, and the address of a card.
const (
	Ana  = "U0ANA0001" // asks
	Bob  = "U0BOB0002" // confirms
	Olga = "U0OLGA003" // owns the meetings
	Link = "https://example.slack.com/archives/C0OPS0001/p1796126400000100"
)

// Planned asks about a meeting in two hours.
func Planned() cancellation.Request {
	return cancellation.Request{
		ID: "abcdefghijklmnopqrstuvwxyz", State: cancellation.Asked, Asker: Ana, Channel: "C0OPS0001", Number: "914087436",
		Scope: cancellation.Whole, CreatedAt: Noon, ExpiresAt: Noon.Add(15 * time.Minute),
		Meeting: cancellation.Meeting{
			ID: "914087436", Number: "914087436", Subject: "Budget & plans <Q1>", StateKnown: true, DatesKnown: true,
			Start: Noon.Add(2 * time.Hour), End: Noon.Add(2*time.Hour + 45*time.Minute), OwnerName: "Olga Nowak", OwnerUUID: "uuid-olga",
		},
	}
}

// Running asks about a running meeting with seven people in it.
func Running() cancellation.Request {
	r := Planned()
	r.Meeting.Start, r.Meeting.End = Noon.Add(-10*time.Minute), Noon.Add(80*time.Minute)
	r.Meeting.Running, r.Meeting.People = true, 7
	return r
}

// Recurring asks about a weekly series of nine dates.
func Recurring() cancellation.Request {
	r := Planned()
	r.Scope, r.Meeting.Recurring, r.Meeting.Subject = cancellation.Undecided, true, "Weekly review"
	r.Meeting.Rule = cancellation.Rule{Cycle: "Week", Interval: 1, Points: []int{2}, Until: "2027-01-26"}
	for i := range 9 {
		start := Noon.Add(2*time.Hour).AddDate(0, 0, 7*i)
		r.Meeting.Occurrences = append(r.Meeting.Occurrences, cancellation.OccurrenceRef{
			ID: fmt.Sprintf("occurrence-%d", i), Start: start, End: start.Add(45 * time.Minute),
		})
	}
	return r
}

// RecurringRunning asks about the same series while its first date is running.
func RecurringRunning() cancellation.Request {
	r := Recurring()
	r.Meeting.Running, r.Meeting.Start, r.Meeting.End = true, Noon.Add(-10*time.Minute), Noon.Add(35*time.Minute)
	r.Meeting.Occurrences[0].Start = r.Meeting.Start
	return r
}

// Change returns r with the changes applied.
func Change(r cancellation.Request, changes ...func(*cancellation.Request)) cancellation.Request {
	for _, change := range changes {
		change(&r)
	}
	return r
}

// Scoped sets how much of a series is meant.
func Scoped(s cancellation.Scope, chosen ...int) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Scope = s
		for _, i := range chosen {
			r.Chosen = append(r.Chosen, r.Meeting.Occurrences[i].ID)
		}
	}
}

// EndAsked sets --end.
func EndAsked(r *cancellation.Request) { r.End = true }

// Reasoned sets a reason that must not become markup.
func Reasoned(r *cancellation.Request) { r.Reason = "the *room* is flooded & cold" }

// InState puts a request into a state, with the person who brought it there.
func InState(s cancellation.State) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State = s
		switch s {
		case cancellation.Confirmed, cancellation.Calling:
			r.ConfirmedBy, r.ConfirmedAt = Bob, Noon
		case cancellation.Declined:
			r.ClosedBy, r.ClosedAt = Bob, Noon
		default:
		}
	}
}

// DoneWith ends a confirmed request with an outcome.
func DoneWith(o cancellation.Outcome, why string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome, r.Why = cancellation.Done, o, why
		r.ConfirmedBy, r.ConfirmedAt, r.ClosedAt = Bob, Noon, Noon.Add(time.Second)
		if !o.Removed() {
			r.Reference = "5f2c1d9e-0d1b-4c55"
		}
	}
}

// OwnerNotice sets how telling the owner went.
func OwnerNotice(result cancellation.NoticeResult) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Owner = cancellation.Notice{Result: result, User: Olga, Name: "Olga Nowak"}
	}
}

// Invited has twelve people invited. The service notifies them ("yes"), doesn't ("no") or
// doesn't say ("").
func Invited(notifies string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Meeting.Invited, r.Meeting.InvitedKnown, r.Meeting.Notifies = 12, true, notifies
	}
}

// Weeks gives the series n dates.
func Weeks(n int) func(*cancellation.Request) {
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

// Locked makes the locked login the reason for waiting.
func Locked(r *cancellation.Request) { r.Why = "locked" }

// Waiting has the service ask the bot to wait.
func Waiting(r *cancellation.Request) { r.WaitUntil = Noon.Add(90 * time.Second) }

func closedElsewhere(r *cancellation.Request) { r.ClosedElsewhere = true }

// AsksOlga turns the request into a question to the owner, who reads Portuguese.
func AsksOlga(r *cancellation.Request) {
	r.For, r.Locale, r.Reason = Olga, "pt-BR", "the *room* is flooded & cold"
	r.Card, r.ExpiresAt = cancellation.Card{Channel: "D0OLGA003", TS: "1796126400.000100", Way: cancellation.ByDirect}, Noon.Add(90*time.Minute)
}

// Muted has the owner choose "Don't ask me again".
func Muted(r *cancellation.Request) { r.MutedUntil = Noon.AddDate(0, 0, 30) }

// StateUnknown has the service not say whether the meeting is running.
func StateUnknown(r *cancellation.Request) { r.Meeting.StateKnown = false }

// InDoubt has another card's call perhaps have removed the meeting.
func InDoubt(r *cancellation.Request) { r.Why = cancellation.WhyInDoubt }

// StoppedBy has a person press Undo while the call is under way.
func StoppedBy(person string) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.StoppedBy = person }
}

// UndoWindow leaves 25 seconds to undo.
func UndoWindow(r *cancellation.Request) { r.UndoUntil = Noon.Add(25 * time.Second) }

// Finals returns requests in their final states, by name.
func Finals() map[string]cancellation.Request {
	confirmed := func(r *cancellation.Request) { r.ConfirmedBy = Ana }
	return map[string]cancellation.Request{
		"cancelled":       Change(Planned(), Reasoned, DoneWith(cancellation.Cancelled, "")),
		"ended":           Change(Running(), EndAsked, DoneWith(cancellation.Ended, "")),
		"series":          Change(Recurring(), Scoped(cancellation.Series), DoneWith(cancellation.Cancelled, "")),
		"series_ended":    Change(RecurringRunning(), EndAsked, Scoped(cancellation.Series), DoneWith(cancellation.Ended, "")),
		"date":            Change(Recurring(), Scoped(cancellation.Occurrence, 1), DoneWith(cancellation.Cancelled, "")),
		"dates":           Change(Recurring(), Scoped(cancellation.Occurrence, 1, 3), DoneWith(cancellation.Cancelled, "")),
		"dates_ended":     Change(RecurringRunning(), EndAsked, Scoped(cancellation.Occurrence, 0, 3), DoneWith(cancellation.Ended, "")),
		"gone":            Change(Planned(), DoneWith(cancellation.Gone, "")),
		"refused_started": Change(Running(), DoneWith(cancellation.Refused, "started")),
		"refused_denied":  Change(Planned(), DoneWith(cancellation.Refused, "denied")),
		"failed":          Change(Planned(), DoneWith(cancellation.Failed, "unavailable")),
		"unknown":         Change(Planned(), DoneWith(cancellation.Unknown, "unknown_outcome")),
		"dates_gone":      Change(Recurring(), Scoped(cancellation.Occurrence, 1, 3), DoneWith(cancellation.Gone, "")),
		"dates_refused":   Change(Recurring(), Scoped(cancellation.Occurrence, 1, 3), DoneWith(cancellation.Refused, "started")),
		"dates_failed":    Change(Recurring(), Scoped(cancellation.Occurrence, 1, 3), DoneWith(cancellation.Failed, "server")),
		"dates_unknown":   Change(Recurring(), Scoped(cancellation.Occurrence, 1, 3), DoneWith(cancellation.Unknown, "")),
		"kept":            Change(Planned(), InState(cancellation.Declined)),
		"kept_doubt":      Change(Planned(), InDoubt, InState(cancellation.Declined)),
		"failed_doubt":    Change(Planned(), DoneWith(cancellation.Failed, cancellation.WhyInDoubt)),
		"expired_doubt":   Change(Planned(), InDoubt, InState(cancellation.Expired)),
		"undone":          Change(Planned(), confirmed, UndoWindow, InState(cancellation.Declined)),
		"expired":         Change(Planned(), InState(cancellation.Expired)),
		"stopped":         Change(Planned(), confirmed, InState(cancellation.Declined)),
		"stopped_doubt":   Change(Planned(), confirmed, InState(cancellation.Declined), InDoubt),
		"elsewhere":       Change(Planned(), closedElsewhere, InState(cancellation.Superseded)),
		"elsewhere_gone":  Change(Planned(), closedElsewhere, DoneWith(cancellation.Gone, "")),
		"other_card":      Change(Planned(), closedElsewhere, func(r *cancellation.Request) { r.ClosedBy = Bob }, DoneWith(cancellation.Gone, "")),
		"over":            Change(Planned(), closedElsewhere, DoneWith(cancellation.Gone, cancellation.WhyOver)),
		"superseded":      Change(Planned(), InState(cancellation.Superseded)),
	}
}

// Choices returns more meetings than a list shows.
func Choices() []cancellation.Choice {
	var all []cancellation.Choice
	for i := range 17 {
		all = append(all, cancellation.Choice{
			MeetingID: fmt.Sprint(914087436 + i), Number: fmt.Sprint(914087436 + i), Subject: fmt.Sprintf("Planning %d", i+1),
			Start: Noon.Add(time.Duration(20-i) * time.Hour), Owner: "Olga Nowak",
		})
	}
	all[15].Recurring = true
	all[16].Running, all[16].Subject = true, ""
	return all
}

// Delegation returns a delegation from Olga to Bob.
func Delegation() cancellation.Delegation {
	return cancellation.Delegation{ID: "delegation", Giver: Olga, Receiver: Bob, GivenAt: Noon, Until: Noon.AddDate(0, 1, 0)}
}

// ByDelegate has a delegate confirm.
func ByDelegate(r *cancellation.Request) {
	r.ConfirmedBy = Bob
	if r.Batch == nil {
		r.Delegation = "delegation"
		return
	}
	owners := slices.Clone(r.Batch.Owners)
	owners[0].By = "delegation"
	r.Batch = r.Batch.WithOwners(owners)
}

// OffersDelegation has the card offer the owner to delegate to the asker.
func OffersDelegation(name string) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.OfferDelegationTo = name }
}

// Told sets how telling the invited people went.
func Told(t cancellation.Telling) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.Telling = t }
}

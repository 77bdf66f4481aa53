package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// cardSamples are the samples of everything in channels.
func cardSamples() []View {
	card := func(name string, r cancellation.Request) View {
		return View{"card_" + name, r.ID, func(v *view.Renderer, _ string) any { return v.Card(r, sample.Noon) }}
	}
	second := func(name string, s cancellation.SecondPerson, r cancellation.Request) View {
		return View{"card_asked_second_" + name, r.ID, func(v *view.Renderer, _ string) any {
			strict := *v
			strict.Second = s
			return strict.Card(r, sample.Noon)
		}}
	}
	minimal := func(name string, r cancellation.Request, draw func(*view.Renderer, cancellation.Request) any) View {
		return View{name, r.ID, func(v *view.Renderer, _ string) any {
			discreet := *v
			discreet.Minimal = true
			return draw(&discreet, r)
		}}
	}
	all := []View{
		card("received", sample.Change(sample.Planned(), sample.InState(cancellation.Received))),
		card("asked", sample.Planned()),
		card("asked_reason", sample.Change(sample.Planned(), sample.Reasoned)),
		card("asked_changed", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Supersedes = "earlier" })),
		card("asked_unlisted", sample.Change(sample.Recurring(), func(r *cancellation.Request) {
			r.Supersedes, r.Anew, r.Meeting.Occurrences, r.Meeting.DatesKnown = "earlier", cancellation.AnewUnlisted, nil, false
		})),
		card("asked_stale", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Supersedes, r.Anew = "earlier", cancellation.AnewStale })),
		card("asked_invited", sample.Change(sample.Planned(), sample.Invited("yes"))),
		card("asked_invited_not_notified", sample.Change(sample.Planned(), sample.Invited("no"))),
		card("asked_invited_only", sample.Change(sample.Running(), sample.Invited(""))),
		card("asked_recurring_long", sample.Change(sample.Recurring(), sample.Weeks(57))),
		card("asked_recurring_unlisted", sample.Change(sample.Recurring(), sample.Weeks(0))),
		card("asked_recurring_running_earlier", sample.Change(sample.RecurringRunning(), func(r *cancellation.Request) { r.Meeting.Occurrences = r.Meeting.Occurrences[1:] })),
		card("asked_dates_all", sample.Change(sample.Recurring(), sample.Weeks(2), sample.Scoped(cancellation.Occurrence, 0, 1))),
		card("waiting", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting)),
		card("waiting_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling), sample.Waiting)),
		card("waiting_locked", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting, sample.Locked)),
		card("waiting_locked_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling), sample.Waiting, sample.Locked)),
		card("waiting_unanswered", sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.Waiting, func(r *cancellation.Request) { r.Unanswered = 1 })),
		card("asked_end", sample.Change(sample.Planned(), sample.EndAsked)),
		card("asked_room", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.Number, r.Number = "9001234567", "9001234567" })),
		card("asked_unknown", sample.Change(sample.Planned(), sample.StateUnknown)),
		card("asked_unknown_end", sample.Change(sample.Planned(), sample.StateUnknown, sample.EndAsked)),
		card("asked_running", sample.Running()),
		card("asked_running_end", sample.Change(sample.Running(), sample.EndAsked)),
		card("asked_recurring", sample.Recurring()),
		card("asked_recurring_picked", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Undecided, 1, 2))),
		card("asked_recurring_end", sample.Change(sample.Recurring(), sample.EndAsked)),
		card("asked_recurring_running", sample.RecurringRunning()),
		card("asked_recurring_running_end", sample.Change(sample.RecurringRunning(), sample.EndAsked)),
		card("asked_series", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series))),
		card("asked_series_running", sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Series))),
		card("asked_series_running_end", sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Series))),
		card("asked_date", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 2))),
		card("asked_dates_running", sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0, 2))),
		card("undo", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow)),
		card("undo_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Confirmed), sample.UndoWindow)),
		card("working_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling))),
		card("working", sample.Change(sample.Planned(), sample.InState(cancellation.Calling))),
		card("working_end", sample.Change(sample.Running(), sample.EndAsked, sample.InState(cancellation.Confirmed))),
		second("always", cancellation.SecondAlways, sample.Planned()),
		second("end", cancellation.SecondEnd, sample.RecurringRunning()),
		second("series", cancellation.SecondSeries, sample.Recurring()),
		minimal("card_asked_minimal", sample.Planned(), func(v *view.Renderer, r cancellation.Request) any { return v.Card(r, sample.Noon) }),
		minimal("card_cancelled_minimal", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, "")), func(v *view.Renderer, r cancellation.Request) any { return v.Card(r, sample.Noon) }),
		minimal("thread_cancelled_minimal", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeSent)), func(v *view.Renderer, r cancellation.Request) any { return v.ThreadReply(r) }),
	}
	all = append(all, manySamples()...)
	all = append(all, invitedSamples()...)
	for name, r := range sample.Finals() {
		all = append(all, card(name, r))
		if r.State == cancellation.Done && r.Outcome != cancellation.Unknown {
			all = append(all, View{"thread_" + name, r.ID, func(v *view.Renderer, _ string) any { return v.ThreadReply(r) }})
		}
	}
	for _, result := range []cancellation.NoticeResult{
		cancellation.NoticeSent, cancellation.NoticeOwnAction, cancellation.NoticeNotFound, cancellation.NoticeRefused,
		cancellation.NoticeDelayed,
	} {
		r := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(result))
		all = append(all, View{"thread_owner_" + string(result), r.ID, func(v *view.Renderer, _ string) any { return v.ThreadReply(r) }})
	}
	blanked := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeNotFound), (*cancellation.Request).Blank)
	return append(all, View{"thread_owner_forgotten", blanked.ID, func(v *view.Renderer, _ string) any { return v.ThreadReply(blanked) }})
}

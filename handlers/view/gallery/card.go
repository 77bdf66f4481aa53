package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

func moreDates(r *cancellation.Request) { r.Meeting.MoreDates = true }

// cardSamples returns the views in channels.
func cardSamples() []View {
	all := []View{
		cardOf("asked", sample.Planned()),
		cardOf("asked_reason", sample.Change(sample.Planned(), sample.Reasoned)),
		cardOf("asked_changed", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Supersedes = "earlier" })),
		cardOf("asked_unlisted", sample.Change(sample.Recurring(), func(r *cancellation.Request) {
			r.Supersedes, r.AskAgain, r.Meeting.Occurrences, r.Meeting.DatesKnown = "earlier", cancellation.AskAgainUnlisted, nil, false
		})),
		cardOf("asked_stale", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Supersedes, r.AskAgain = "earlier", cancellation.AskAgainStale })),
		cardOf("asked_invited", sample.Change(sample.Planned(), sample.Invited("yes"))),
		cardOf("asked_invited_not_notified", sample.Change(sample.Planned(), sample.Invited("no"))),
		cardOf("asked_invited_only", sample.Change(sample.Running(), sample.Invited(""))),
		cardOf("asked_recurring_long", sample.Change(sample.Recurring(), sample.Weeks(57))),
		cardOf("asked_recurring_full", sample.Change(sample.Recurring(), sample.Weeks(50), moreDates)),
		cardOf("asked_series_full", sample.Change(sample.Recurring(), sample.Weeks(50), moreDates, sample.Scoped(cancellation.Series))),
		cardOf("asked_recurring_unlisted", sample.Change(sample.Recurring(), sample.Weeks(0))),
		cardOf("asked_recurring_running_earlier", sample.Change(sample.RecurringRunning(), func(r *cancellation.Request) { r.Meeting.Occurrences = r.Meeting.Occurrences[1:] })),
		cardOf("asked_dates_all", sample.Change(sample.Recurring(), sample.Weeks(2), sample.Scoped(cancellation.Occurrence, 0, 1))),
		cardOf("waiting", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting)),
		cardOf("waiting_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling), sample.Waiting)),
		cardOf("waiting_locked", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting, sample.Locked)),
		cardOf("waiting_locked_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling), sample.Waiting, sample.Locked)),
		cardOf("waiting_doubt", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting, sample.InDoubt)),
		cardOf("waiting_unanswered", sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.Waiting, func(r *cancellation.Request) { r.Unanswered = 1 })),
		cardOf("asked_end", sample.Change(sample.Planned(), sample.EndAsked)),
		cardOf("asked_room", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.Number, r.Number = "9001234567", "9001234567" })),
		cardOf("asked_unknown", sample.Change(sample.Planned(), sample.StateUnknown)),
		cardOf("asked_unknown_end", sample.Change(sample.Planned(), sample.StateUnknown, sample.EndAsked)),
		cardOf("asked_running", sample.Running()),
		cardOf("asked_running_end", sample.Change(sample.Running(), sample.EndAsked)),
		cardOf("asked_recurring", sample.Recurring()),
		cardOf("asked_recurring_picked", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Undecided, 1, 2))),
		cardOf("asked_recurring_end", sample.Change(sample.Recurring(), sample.EndAsked)),
		cardOf("asked_recurring_running", sample.RecurringRunning()),
		cardOf("asked_recurring_running_end", sample.Change(sample.RecurringRunning(), sample.EndAsked)),
		cardOf("asked_series", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series))),
		cardOf("asked_series_running", sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Series))),
		cardOf("asked_series_running_end", sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Series))),
		cardOf("asked_date", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 2))),
		cardOf("asked_dates_running", sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0, 2))),
		cardOf("undo", sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow)),
		cardOf("undo_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Confirmed), sample.UndoWindow)),
		cardOf("undo_dates_end", sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Occurrence, 0, 2), sample.InState(cancellation.Confirmed), sample.UndoWindow)),
		cardOf("working_dates", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 3), sample.InState(cancellation.Calling))),
		cardOf("working", sample.Change(sample.Planned(), sample.InState(cancellation.Calling))),
		cardOf("working_end", sample.Change(sample.Running(), sample.EndAsked, sample.InState(cancellation.Confirmed))),
		cardOf("asked_second_always", sample.Planned(), second(cancellation.SecondAlways)),
		cardOf("asked_second_end", sample.RecurringRunning(), second(cancellation.SecondEnd)),
		cardOf("asked_second_series", sample.Recurring(), second(cancellation.SecondSeries)),
		cardOf("asked_minimal", sample.Planned(), minimal),
		cardOf("cancelled_minimal", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, "")), minimal),
		threadOf("cancelled_minimal", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeSent)), minimal),
	}
	all = append(all, manySamples()...)
	all = append(all, invitedSamples()...)
	for name, r := range sample.Finals() {
		all = append(all, cardOf(name, r))
		if r.State == cancellation.Done && r.Outcome != cancellation.Unknown {
			all = append(all, threadOf(name, r))
		}
	}
	for _, result := range []cancellation.NoticeResult{
		cancellation.NoticeSent, cancellation.NoticeOwnAction, cancellation.NoticeNotFound, cancellation.NoticeRefused,
		cancellation.NoticeDelayed,
	} {
		r := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(result))
		all = append(all, threadOf("owner_"+string(result), r))
	}
	blanked := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeNotFound), (*cancellation.Request).Blank)
	return append(all, threadOf("owner_forgotten", blanked))
}

// invitedSamples returns cards that ask whether to tell invited people, replies that say how
// many were told, and cards that changed while the question was open.
func invitedSamples() []View {
	card := func(name string, tell cancellation.TellInvited, r cancellation.Request) View {
		return cardOf("asked_"+name, r, func(v *view.Renderer) { v.Tell = tell })
	}
	reply := func(name string, t cancellation.Telling) View {
		r := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeSent), sample.Told(t))
		return threadOf("invited_"+name, r)
	}
	askAgain := func(why cancellation.AskAgain) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Supersedes, r.AskAgain = "earlier", why }
	}
	return []View{
		card("tell", cancellation.TellAsk, sample.Change(sample.Planned(), sample.Invited("no"))),
		card("tell_ticked", cancellation.TellAsk, sample.Change(sample.Recurring(), sample.Invited("yes"), sample.Told(cancellation.Telling{Wanted: true}))),
		card("tell_always", cancellation.TellAlways, sample.Change(sample.Planned(), sample.Invited("yes"))),
		reply("told", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 12, Told: 9}),
		reply("told_knew", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 12, Told: 9, Knew: 2}),
		reply("told_one", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 1, Told: 1}),
		reply("unread", cancellation.Telling{Wanted: true, Result: cancellation.TellUnread}),
		card("started", "", sample.Change(sample.Running(), askAgain(cancellation.AskAgainStarted))),
		card("moved", "", sample.Change(sample.Planned(), askAgain(cancellation.AskAgainMoved))),
		card("edited", "", sample.Change(sample.Recurring(), askAgain(cancellation.AskAgainEdited))),
	}
}

package view

import (
	"slices"
	"time"

	"meetingbot/internal/cancellation"
)

// noon is when everything in the samples happens.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

const (
	ana, bob, olga = "U0ANA0001", "U0BOB0002", "U0OLGA003"
	sampleLink     = "https://example.slack.com/archives/C0OPS0001/p1796126400000100"
)

// A sample is one view of one state. Its draw returns a bot.Message, a bot.Modal or a
// bot.Home, or a map of them by name.
type sample struct {
	name string
	id   cancellation.ID // of the request, whose buttons the view may hold
	draw func(v *Renderer, locale string) any
}

// cardSamples are the samples of everything in channels.
func cardSamples() []sample {
	card := func(name string, r cancellation.Request) sample {
		return sample{"card_" + name, r.ID, func(v *Renderer, _ string) any { return v.Card(r, noon) }}
	}
	second := func(name string, s cancellation.SecondPerson, r cancellation.Request) sample {
		return sample{"card_asked_second_" + name, r.ID, func(v *Renderer, _ string) any {
			strict := *v
			strict.Second = s
			return strict.Card(r, noon)
		}}
	}
	minimal := func(name string, r cancellation.Request, draw func(*Renderer, cancellation.Request) any) sample {
		return sample{name, r.ID, func(v *Renderer, _ string) any {
			discreet := *v
			discreet.Minimal = true
			return draw(&discreet, r)
		}}
	}
	all := []sample{
		card("received", change(samplePlanned(), inState(cancellation.Received))),
		card("asked", samplePlanned()),
		card("asked_reason", change(samplePlanned(), reasoned)),
		card("asked_changed", change(samplePlanned(), func(r *cancellation.Request) { r.Supersedes = "earlier" })),
		card("asked_stale", change(samplePlanned(), func(r *cancellation.Request) { r.Supersedes, r.Anew = "earlier", cancellation.AnewStale })),
		card("asked_invited", change(samplePlanned(), invited("yes"))),
		card("asked_invited_not_notified", change(samplePlanned(), invited("no"))),
		card("asked_invited_only", change(sampleRunning(), invited(""))),
		card("asked_recurring_long", change(sampleRecurring(), weeks(57))),
		card("asked_recurring_unlisted", change(sampleRecurring(), weeks(0))),
		card("asked_recurring_running_earlier", change(sampleRecurringRunning(), func(r *cancellation.Request) { r.Meeting.Occurrences = r.Meeting.Occurrences[1:] })),
		card("asked_dates_all", change(sampleRecurring(), weeks(2), scoped(cancellation.Occurrence, 0, 1))),
		card("waiting", change(samplePlanned(), inState(cancellation.Confirmed), waiting)),
		card("waiting_dates", change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), inState(cancellation.Calling), waiting)),
		card("waiting_unanswered", change(samplePlanned(), inState(cancellation.Calling), waiting, func(r *cancellation.Request) { r.Unanswered = 1 })),
		card("asked_end", change(samplePlanned(), endAsked)),
		card("asked_room", change(samplePlanned(), func(r *cancellation.Request) { r.Meeting.Number, r.Number = "9001234567", "9001234567" })),
		card("asked_unknown", change(samplePlanned(), stateUnknown)),
		card("asked_unknown_end", change(samplePlanned(), stateUnknown, endAsked)),
		card("asked_running", sampleRunning()),
		card("asked_running_end", change(sampleRunning(), endAsked)),
		card("asked_recurring", sampleRecurring()),
		card("asked_recurring_picked", change(sampleRecurring(), scoped(cancellation.Undecided, 1, 2))),
		card("asked_recurring_end", change(sampleRecurring(), endAsked)),
		card("asked_recurring_running", sampleRecurringRunning()),
		card("asked_recurring_running_end", change(sampleRecurringRunning(), endAsked)),
		card("asked_series", change(sampleRecurring(), scoped(cancellation.Series))),
		card("asked_series_running", change(sampleRecurringRunning(), scoped(cancellation.Series))),
		card("asked_series_running_end", change(sampleRecurringRunning(), endAsked, scoped(cancellation.Series))),
		card("asked_date", change(sampleRecurring(), scoped(cancellation.Occurrence, 2))),
		card("asked_dates_running", change(sampleRecurringRunning(), scoped(cancellation.Occurrence, 0, 2))),
		card("undo", change(samplePlanned(), inState(cancellation.Confirmed), undoWindow)),
		card("undo_dates", change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), inState(cancellation.Confirmed), undoWindow)),
		card("working_dates", change(sampleRecurring(), scoped(cancellation.Occurrence, 1, 3), inState(cancellation.Calling))),
		card("working", change(samplePlanned(), inState(cancellation.Calling))),
		card("working_end", change(sampleRunning(), endAsked, inState(cancellation.Confirmed))),
		second("always", cancellation.SecondAlways, samplePlanned()),
		second("end", cancellation.SecondEnd, sampleRecurringRunning()),
		second("series", cancellation.SecondSeries, sampleRecurring()),
		minimal("card_asked_minimal", samplePlanned(), func(v *Renderer, r cancellation.Request) any { return v.Card(r, noon) }),
		minimal("card_cancelled_minimal", change(samplePlanned(), doneWith(cancellation.Cancelled, "")), func(v *Renderer, r cancellation.Request) any { return v.Card(r, noon) }),
		minimal("thread_cancelled_minimal", change(samplePlanned(), doneWith(cancellation.Cancelled, ""), ownerNotice(cancellation.NoticeSent)), func(v *Renderer, r cancellation.Request) any { return v.ThreadReply(r) }),
	}
	all = append(all, manySamples()...)
	all = append(all, invitedSamples()...)
	for name, r := range sampleFinals() {
		all = append(all, card(name, r))
		if r.State == cancellation.Done && r.Outcome != cancellation.Unknown {
			all = append(all, sample{"thread_" + name, r.ID, func(v *Renderer, _ string) any { return v.ThreadReply(r) }})
		}
	}
	for _, result := range []cancellation.NoticeResult{
		cancellation.NoticeSent, cancellation.NoticeOwnAction, cancellation.NoticeNotFound, cancellation.NoticeRefused,
		cancellation.NoticeDelayed,
	} {
		r := change(samplePlanned(), doneWith(cancellation.Cancelled, ""), ownerNotice(result))
		all = append(all, sample{"thread_owner_" + string(result), r.ID, func(v *Renderer, _ string) any { return v.ThreadReply(r) }})
	}
	return all
}

// letterSamples are the samples of everything that one person reads.
func letterSamples() []sample {
	picker := samplePlanned()
	picker.Number, picker.Meeting, picker.Choices = "", cancellation.Meeting{}, sampleChoices()
	room := change(picker, func(r *cancellation.Request) { r.Number, r.Choices = "9001234567", r.Choices[:2] })
	partial := change(picker, func(r *cancellation.Request) { r.Choices, r.Partial = r.Choices[:2], true })
	helped := func(name string, f HelpFacts) sample {
		return sample{"help_" + name, "", func(v *Renderer, locale string) any { return v.Help(locale, f) }}
	}
	all := []sample{
		{"chooser_picker", picker.ID, func(v *Renderer, locale string) any { return v.Chooser(locale, picker) }},
		{"chooser_room", room.ID, func(v *Renderer, locale string) any { return v.Chooser(locale, room) }},
		{"list", "", func(v *Renderer, locale string) any { return v.List(locale, sampleChoices()[14:], 0, false) }},
		{"list_partial", "", func(v *Renderer, locale string) any { return v.List(locale, sampleChoices()[:2], 0, true) }},
		{"chooser_partial", partial.ID, func(v *Renderer, locale string) any { return v.Chooser(locale, partial) }},
		{"list_more", "", func(v *Renderer, locale string) any { return v.List(locale, sampleChoices(), 1, false) }},
		{"history", "", func(v *Renderer, locale string) any {
			f := sampleFinals()
			return v.History(locale, []cancellation.Request{f["cancelled"], f["ended"], f["dates"], f["refused_denied"], f["kept"], samplePlanned()})
		}},
		helped("own", HelpFacts{Helpers: []string{ana, bob, "S0ADMINS1"}, Channels: []string{"C0OPS0001"}, SecondPerson: cancellation.SecondEnd}),
		helped("any", HelpFacts{MayAny: true, Several: true, Helpers: []string{ana}, SecondPerson: cancellation.SecondAlways}),
		helped("everyone", HelpFacts{MayAny: true, Helpers: []string{"*"}, Channels: []string{"*"}, SecondPerson: cancellation.SecondSeries}),
		{"modal_reason", samplePlanned().ID, func(v *Renderer, locale string) any { return v.ReasonModal(locale, samplePlanned()) }},
		{"modal_reason_change", samplePlanned().ID, func(v *Renderer, locale string) any { return v.ReasonModal(locale, change(samplePlanned(), reasoned)) }},
		{"answers", samplePlanned().ID, func(v *Renderer, locale string) any { return answerSamples(v, locale) }},
		{"faults", "", func(v *Renderer, locale string) any { return faultSamples(v, locale) }},
		{"classes", "", func(v *Renderer, locale string) any { return classSamples(v, locale) }},
	}
	all = append(all, questionSamples()...)
	for _, name := range []string{"cancelled", "ended", "series", "dates"} {
		told := sampleFinals()[name]
		all = append(all, sample{"invited_" + name, told.ID, func(v *Renderer, locale string) any { return v.InvitedNotice(locale, told) }})
		r := change(sampleFinals()[name], ownerNotice(cancellation.NoticeSent), invited("no"))
		all = append(all,
			sample{"owner_" + name, r.ID, func(v *Renderer, locale string) any { return v.OwnerNotice(locale, r, sampleLink) }},
			sample{"asker_" + name, r.ID, func(v *Renderer, locale string) any { return v.AskerNotice(locale, r, "") }})
	}
	return all
}

// allSamples are the samples of everything.
func allSamples() []sample {
	return slices.Concat(cardSamples(), letterSamples(), delegationSamples(), homeSamples())
}

// Samples draws everything that the bot can show, by name, for readers of a locale:
// each is a bot.Message, a bot.Modal or a bot.Home. The people and meetings are made
// up.
func Samples(v *Renderer, locale string) map[string]any {
	all := map[string]any{}
	for _, s := range allSamples() {
		several, ok := s.draw(v, locale).(map[string]any)
		if !ok {
			all[s.name] = s.draw(v, locale)
			continue
		}
		for name, one := range several {
			all[s.name+"_"+name] = one
		}
	}
	return all
}

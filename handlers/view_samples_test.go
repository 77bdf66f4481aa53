package handlers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// noon is when everything in the samples happens.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

const (
	ana, bob, olga = "U0ANA0001", "U0BOB0002", "U0OLGA003"
	sampleLink     = "https://example.slack.com/archives/C0OPS0001/p1796126400000100"
)

// A sample is one view of one state. Its draw gives a bot.Message or a
// bot.Modal, or a map of them by name.
type sample struct {
	name string
	id   cancellation.ID // of the request, whose buttons the view may hold
	draw func(v *Views, locale string) any
}

func samplePlanned() cancellation.Request {
	return cancellation.Request{
		ID: "abcdefghijklmnopqrstuvwxyz", State: cancellation.Asked, Asker: ana, Channel: "C0OPS0001", Number: "914087436",
		Scope: cancellation.Whole, CreatedAt: noon, ExpiresAt: noon.Add(15 * time.Minute),
		Meeting: cancellation.Meeting{
			ID: "914087436", Number: "914087436", Subject: "Budget & plans <Q1>", Told: true,
			Start: noon.Add(2 * time.Hour), End: noon.Add(2*time.Hour + 45*time.Minute), OwnerName: "Olga Nowak",
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

func stateUntold(r *cancellation.Request) { r.Meeting.Told = false }

func undoWindow(r *cancellation.Request) { r.UndoUntil = noon.Add(25 * time.Second) }

// sampleFinals are requests at the end of their life, by name.
func sampleFinals() map[string]cancellation.Request {
	undone := func(r *cancellation.Request) { r.ConfirmedBy = ana }
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
		"undone":          change(samplePlanned(), undone, inState(cancellation.Declined)),
		"expired":         change(samplePlanned(), inState(cancellation.Expired)),
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

// cardSamples are the samples of everything that stands in a channel.
func cardSamples() []sample {
	card := func(name string, r cancellation.Request) sample {
		return sample{"card_" + name, r.ID, func(v *Views, _ string) any { return v.Card(r, noon) }}
	}
	second := func(name string, s cancellation.SecondPerson, r cancellation.Request) sample {
		return sample{"card_asked_second_" + name, r.ID, func(v *Views, _ string) any {
			strict := *v
			strict.Second = s
			return strict.Card(r, noon)
		}}
	}
	minimal := func(name string, r cancellation.Request, draw func(*Views, cancellation.Request) any) sample {
		return sample{name, r.ID, func(v *Views, _ string) any {
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
		card("asked_end", change(samplePlanned(), endAsked)),
		card("asked_room", change(samplePlanned(), func(r *cancellation.Request) { r.Meeting.Number, r.Number = "9001234567", "9001234567" })),
		card("asked_untold", change(samplePlanned(), stateUntold)),
		card("asked_untold_end", change(samplePlanned(), stateUntold, endAsked)),
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
		minimal("card_asked_minimal", samplePlanned(), func(v *Views, r cancellation.Request) any { return v.Card(r, noon) }),
		minimal("card_cancelled_minimal", change(samplePlanned(), doneWith(cancellation.Cancelled, "")), func(v *Views, r cancellation.Request) any { return v.Card(r, noon) }),
		minimal("thread_cancelled_minimal", change(samplePlanned(), doneWith(cancellation.Cancelled, ""), ownerNotice(cancellation.NoticeSent)), func(v *Views, r cancellation.Request) any { return v.ThreadReply(r) }),
	}
	for name, r := range sampleFinals() {
		all = append(all, card(name, r))
		if threadIsTold(r) {
			all = append(all, sample{"thread_" + name, r.ID, func(v *Views, _ string) any { return v.ThreadReply(r) }})
		}
	}
	for _, result := range []cancellation.NoticeResult{
		cancellation.NoticeSent, cancellation.NoticeOwnAction, cancellation.NoticeNotFound, cancellation.NoticeRefused,
		cancellation.NoticeDelayed,
	} {
		r := change(samplePlanned(), doneWith(cancellation.Cancelled, ""), ownerNotice(result))
		all = append(all, sample{"thread_owner_" + string(result), r.ID, func(v *Views, _ string) any { return v.ThreadReply(r) }})
	}
	return all
}

// letterSamples are the samples of everything that one person reads.
func letterSamples() []sample {
	picker := samplePlanned()
	picker.Number, picker.Meeting, picker.Choices = "", cancellation.Meeting{}, sampleChoices()
	room := change(picker, func(r *cancellation.Request) { r.Number, r.Choices = "9001234567", r.Choices[:2] })
	help := func(name string, f HelpFacts) sample {
		return sample{"help_" + name, "", func(v *Views, locale string) any { return v.Help(locale, f) }}
	}
	all := []sample{
		{"chooser_picker", picker.ID, func(v *Views, locale string) any { return v.Chooser(locale, picker) }},
		{"chooser_room", room.ID, func(v *Views, locale string) any { return v.Chooser(locale, room) }},
		{"list", "", func(v *Views, locale string) any { return v.List(locale, sampleChoices()[14:], 0) }},
		{"list_more", "", func(v *Views, locale string) any { return v.List(locale, sampleChoices(), 1) }},
		{"history", "", func(v *Views, locale string) any {
			f := sampleFinals()
			return v.History(locale, []cancellation.Request{f["cancelled"], f["ended"], f["dates"], f["refused_denied"], f["kept"], samplePlanned()})
		}},
		help("own", HelpFacts{Helpers: []string{ana, bob, "S0ADMINS1"}, Channels: []string{"C0OPS0001"}, SecondPerson: cancellation.SecondEnd}),
		help("any", HelpFacts{MayAny: true, Helpers: []string{ana}, SecondPerson: cancellation.SecondAlways}),
		help("everyone", HelpFacts{MayAny: true, Helpers: []string{"*"}, Channels: []string{"*"}, SecondPerson: cancellation.SecondSeries}),
		{"modal_reason", samplePlanned().ID, func(v *Views, locale string) any { return v.ReasonModal(locale, samplePlanned()) }},
		{"modal_reason_change", samplePlanned().ID, func(v *Views, locale string) any { return v.ReasonModal(locale, change(samplePlanned(), reasoned)) }},
		{"answers", "", func(v *Views, locale string) any { return answerSamples(v, locale) }},
		{"faults", "", func(v *Views, locale string) any { return faultSamples(v, locale) }},
		{"classes", "", func(v *Views, locale string) any { return classSamples(v, locale) }},
	}
	for _, name := range []string{"cancelled", "ended", "series", "dates"} {
		r := change(sampleFinals()[name], ownerNotice(cancellation.NoticeSent))
		all = append(all,
			sample{"owner_" + name, r.ID, func(v *Views, locale string) any { return v.OwnerNotice(locale, r, sampleLink) }},
			sample{"asker_" + name, r.ID, func(v *Views, locale string) any { return v.AskerNotice(locale, r, "") }})
	}
	return all
}

// answerSamples are all kinds of answer, some in more than one case, by name.
func answerSamples(v *Views, locale string) map[string]any {
	all := map[string]any{}
	planned := change(samplePlanned(), func(r *cancellation.Request) { r.Wanted = "2026-12-24" })
	for _, kind := range AnswerKinds() {
		all[string(kind)] = v.Answer(locale, Answer{
			Kind: kind, Request: planned, Users: []string{ana, olga}, Groups: []string{"S0ADMINS1"}, Channels: []string{"C0OPS0001", "C0OPS0002"},
			Wait: 90 * time.Minute, Class: "unavailable", Reference: "5f2c1d9e-0d1b-4c55", Link: sampleLink,
		})
	}
	for name, a := range map[string]Answer{
		"not_allowed_alone":          {Kind: NotAllowed, Request: samplePlanned()},
		"not_allowed_everyone":       {Kind: NotAllowed, Request: samplePlanned(), Users: []string{"*"}},
		"not_allowed_many":           {Kind: NotAllowed, Request: samplePlanned(), Users: strings.Split("U01 U02 U03 U04 U05 U06 U07 U08 U09 U10 U11 U12", " ")},
		"wrong_channel_nowhere":      {Kind: WrongChannel},
		"too_many_seconds":           {Kind: TooMany, Wait: 20 * time.Second},
		"lead_time_unsaid":           {Kind: LeadTime, Request: samplePlanned()},
		"already_answered_working":   {Kind: AlreadyAnswered, Request: change(samplePlanned(), inState(cancellation.Calling))},
		"already_answered_cancelled": {Kind: AlreadyAnswered, Request: sampleFinals()["cancelled"]},
		"already_answered_kept":      {Kind: AlreadyAnswered, Request: sampleFinals()["kept"]},
		"settled_cancelled":          {Kind: Settled, Request: sampleFinals()["cancelled"]},
		"settled_failed":             {Kind: Settled, Request: sampleFinals()["failed"]},
		"undo_too_late_cancelled":    {Kind: UndoTooLate, Request: sampleFinals()["cancelled"]},
		"lookup_failed_meetings":     {Kind: LookupFailed, Class: "throttled"},
		"occurrence_not_found_next":  {Kind: OccurrenceNotFound, Request: change(sampleRecurring(), func(r *cancellation.Request) { r.Wanted = "2026-12-24" })},
		"under_way_confirmed":        {Kind: UnderWay, Request: samplePlanned(), Who: bob, Link: sampleLink},
		"unheard_of":                 {Kind: "unheard_of"},
	} {
		all[name] = v.Answer(locale, a)
	}
	return all
}

// faultLines are lines with everything that can be wrong in one, by name.
func faultLines() map[string]string {
	return map[string]string{
		"unknown_flag":          "914087436 --now",
		"unknown_flag_secret":   "914087436 --ana@example.com",
		"misused_flag":          "list --end",
		"misused_flag_value":    "914087436 --end=yes",
		"unknown_word":          "914087436 please",
		"unknown_word_secret":   "914087436 hunter2",
		"two_numbers":           "914087436 914087437 --end",
		"two_numbers_many":      "914087430 914087431 914087432 914087433 914087434 914087435 914087436 914087437 914087438 914087439 914087440 914087441",
		"stray_digits":          "914087436 1234",
		"not_a_number":          "abc",
		"not_a_number_verb":     "lsit",
		"not_a_number_letters":  "9l4O87436",
		"not_a_number_secret":   "ana@example.com",
		"too_short":             "12345",
		"too_long":              "1234567890123456",
		"no_number":             "--end",
		"no_number_link":        "https://vc.example.cn/s/AbCd",
		"missing_reason":        "914087436 --reason",
		"missing_occurrence":    "914087436 --occurrence",
		"bad_occurrence":        "914087436 --occurrence 2026-02-30",
		"bad_occurrence_secret": "914087436 --occurrence https://x.example/?k=1",
		"series_and_occurrence": "914087436 --series --occurrence 2026-12-01",
		"repeated_occurrence":   "914087436 --occurrence 2026-12-01 --occurrence 2026-12-08",
		"repeated_reason":       `914087436 --reason "a" --reason "b"`,
		"reason_too_long":       "914087436 --reason " + strings.Repeat("x", command.MaxReason+1),
		"line_too_long":         strings.Repeat("9", command.MaxLine+1),
	}
}

// faultSamples are what the authors of those lines read.
func faultSamples(v *Views, locale string) map[string]any {
	all := map[string]any{}
	for name, line := range faultLines() {
		_, err := command.Parse(line)
		if fault, ok := errors.AsType[*command.Fault](err); ok {
			all[name] = v.Fault(locale, fault)
		}
	}
	return all
}

// allClasses are the classes of error that the product knows, and one it does not.
func allClasses() []string {
	return strings.Split("not_found started not_started ended transient denied bad_request auth credentials clock locked wrong_site "+
		"throttled server unavailable unknown_outcome canceled not_allowed lead_time changed lookup post second_person other", " ")
}

// classSamples are final cards of every class of error.
func classSamples(v *Views, locale string) map[string]any {
	all := map[string]any{}
	for _, class := range allClasses() {
		all[class] = v.ThreadReply(change(samplePlanned(), doneWith(cancellation.Refused, class)))
	}
	return all
}

// newViews are views whose channels read locale.
func newViews(tb testing.TB, locale string) *Views {
	tb.Helper()
	words, err := LoadWords()
	if err != nil {
		tb.Fatalf("LoadWords() = %v", err)
	}
	return &Views{Words: words, Locale: locale, Second: cancellation.SecondNever, Command: command.Name}
}

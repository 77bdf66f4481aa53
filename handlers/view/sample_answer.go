package view

import (
	"errors"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// answerSamples are all kinds of answer, some in more than one case, by name.
func answerSamples(v *Renderer, locale string) map[string]any {
	all := map[string]any{}
	planned := change(samplePlanned(), func(r *cancellation.Request) { r.Wanted = "2026-12-24" })
	for _, kind := range AnswerKinds() {
		all[string(kind)] = v.Answer(locale, Answer{
			Kind: kind, Request: planned, Users: []string{ana, olga}, Groups: []string{"S0ADMINS1"}, Channels: []string{"C0OPS0001", "C0OPS0002"},
			Wait: 90 * time.Minute, Class: "unavailable", Reference: "5f2c1d9e-0d1b-4c55", Link: sampleLink,
			Who: olga, Until: noon.Add(2 * time.Hour),
			Line: "/cancel-meeting 914087436 --end", Count: MaxDelegations,
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
		"too_late_untyped":           {Kind: TooLate, Request: change(samplePlanned(), endAsked, reasoned)},
		"too_late_pick":              {Kind: TooLate},
		"other_command":              {Kind: OtherCommand, Line: "/kill-meeting"},
		"delegate_bot_named":         {Kind: DelegateBot, Who: bob},
		"delegate_too_long_days":     {Kind: DelegateTooLong, Wait: 90 * 24 * time.Hour},
		"may_ask_owner_alone":        {Kind: MayAskOwner, Request: samplePlanned(), Who: olga},
		"asked_already_a_moment_ago": {Kind: AskedAlready, Request: samplePlanned(), Who: olga},
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
		"two_numbers":           "914087436 or 914087437 --end",
		"two_numbers_many":      "914087430 914087431 914087432 914087433 914087434 914087435 914087436 914087437 914087438 914087439 914087440 or 914087441",
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
		"single_only":           "914087436 914087437 --series",
		"single_only_days":      "today --occurrence 2026-12-01",
		"days_reversed":         "2026-12-05..2026-12-01 --end",
		"too_many_days":         "2026-12-01..2028-01-05",
		"bad_day":               "2026-02-30 --end",
		"bad_person":            "today --of carol",
		"bad_person_secret":     "today --of carol@",
		"of_without_days":       "--of @carol --end",
		"line_too_long":         strings.Repeat("9", command.MaxLine+1),
	}
}

// faultSamples are what the authors of those lines read.
func faultSamples(v *Renderer, locale string) map[string]any {
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
		"throttled server unavailable unknown_outcome canceled not_allowed lead_time changed lookup post second_person stopped last_dates other", " ")
}

// classSamples are final cards of every class of error.
func classSamples(v *Renderer, locale string) map[string]any {
	all := map[string]any{}
	for _, class := range allClasses() {
		all[class] = v.ThreadReply(change(samplePlanned(), doneWith(cancellation.Refused, class)))
	}
	return all
}

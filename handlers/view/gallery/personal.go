package gallery

import (
	"errors"
	"strings"
	"time"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// personalSamples returns the views that one person reads.
func personalSamples() []View {
	picker := sample.Planned()
	picker.Number, picker.Meeting, picker.Choices = "", cancellation.Meeting{}, sample.Choices()
	room := sample.Change(picker, func(r *cancellation.Request) { r.Number, r.Choices = "9001234567", r.Choices[:2] })
	partial := sample.Change(picker, func(r *cancellation.Request) { r.Choices, r.Partial = r.Choices[:2], true })
	helpFor := func(name string, f help.Facts) View {
		return personal("help_"+name, "", func(p page.Page) any { return help.Draw(p, f) })
	}
	all := []View{
		personal("chooser_picker", picker.ID, func(p page.Page) any { return list.Chooser(p, picker) }),
		personal("chooser_room", room.ID, func(p page.Page) any { return list.Chooser(p, room) }),
		personal("list", "", func(p page.Page) any { return list.Meetings(p, sample.Choices()[14:], 0, false) }),
		personal("list_partial", "", func(p page.Page) any { return list.Meetings(p, sample.Choices()[:2], 0, true) }),
		personal("chooser_partial", partial.ID, func(p page.Page) any { return list.Chooser(p, partial) }),
		personal("list_more", "", func(p page.Page) any { return list.Meetings(p, sample.Choices(), 1, false) }),
		personal("history", "", func(p page.Page) any {
			f := sample.Finals()
			return list.History(p, []cancellation.Request{f["cancelled"], f["ended"], f["dates"], f["refused_denied"], f["kept"], sample.Planned()})
		}),
		helpFor("own", help.Facts{Helpers: []string{sample.Ana, sample.Bob, "S0ADMINS1"}, Channels: []string{"C0OPS0001"}, SecondPerson: cancellation.SecondEnd}),
		helpFor("any", help.Facts{MayAny: true, Several: true, Helpers: []string{sample.Ana}, SecondPerson: cancellation.SecondAlways}),
		helpFor("everyone", help.Facts{MayAny: true, Helpers: []string{"*"}, Channels: []string{"*"}, SecondPerson: cancellation.SecondSeries}),
		personal("modal_reason", sample.Planned().ID, func(p page.Page) any { return modal.Reason(p, sample.Planned()) }),
		personal("modal_reason_change", sample.Planned().ID, func(p page.Page) any { return modal.Reason(p, sample.Change(sample.Planned(), sample.Reasoned)) }),
		{"answers", sample.Planned().ID, func(v *view.Renderer, locale string) any { return answerSamples(v, locale) }},
		{"faults", "", func(v *view.Renderer, locale string) any { return faultSamples(v, locale) }},
		{"classes", "", func(v *view.Renderer, _ string) any { return classSamples(v) }},
	}
	all = append(all, questionSamples()...)
	for _, name := range []string{"cancelled", "ended", "series", "dates"} {
		told := sample.Finals()[name]
		all = append(all, personal("invited_"+name, told.ID, func(p page.Page) any { return notice.Invited(p, told) }))
		r := sample.Change(sample.Finals()[name], sample.OwnerNotice(cancellation.NoticeSent), sample.Invited("no"))
		all = append(all,
			personal("owner_"+name, r.ID, func(p page.Page) any { return notice.Owner(p, r, sample.Link) }),
			personal("asker_"+name, r.ID, func(p page.Page) any { return notice.Asker(p, r, "") }))
	}
	return all
}

// answerSamples draws all kinds of answer by name, some in more than one case.
func answerSamples(v *view.Renderer, locale string) map[string]any {
	all := map[string]any{}
	planned := sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Wanted = "2026-12-24" })
	for _, kind := range answer.Kinds() {
		all[string(kind)] = answer.Draw(v.Person(locale), answer.Answer{
			Kind: kind, Request: planned, Users: []string{sample.Ana, sample.Olga}, Groups: []string{"S0ADMINS1"}, Channels: []string{"C0OPS0001", "C0OPS0002"},
			Wait: 90 * time.Minute, Class: "unavailable", Reference: "5f2c1d9e-0d1b-4c55", Link: sample.Link,
			Who: sample.Olga, Until: sample.Noon.Add(2 * time.Hour),
			Line: "/cancel-meeting 914087436 --end", Count: hometab.MaxDelegations,
		})
	}
	unknown := sample.Change(sample.Many(4), sample.WithParts(sample.Over(cancellation.Cancelled, ""), sample.Over(cancellation.Unknown, "unavailable")),
		sample.Finished(cancellation.Unknown))
	for name, a := range map[string]answer.Answer{
		"not_allowed_list_closed":    {Kind: answer.NotAllowed, Request: sample.Planned(), Users: []string{sample.Ana}, ListClosed: true},
		"not_allowed_alone":          {Kind: answer.NotAllowed, Request: sample.Planned()},
		"not_allowed_everyone":       {Kind: answer.NotAllowed, Request: sample.Planned(), Users: []string{"*"}},
		"not_allowed_many":           {Kind: answer.NotAllowed, Request: sample.Planned(), Users: strings.Split("U01 U02 U03 U04 U05 U06 U07 U08 U09 U10 U11 U12", " ")},
		"not_allowed_lead_time":      {Kind: answer.NotAllowed, Request: sample.Planned(), Users: []string{sample.Ana}, OwnerCant: true},
		"wrong_channel_nowhere":      {Kind: answer.WrongChannel},
		"too_many_seconds":           {Kind: answer.TooMany, Wait: 20 * time.Second},
		"already_answered_working":   {Kind: answer.AlreadyAnswered, Request: sample.Change(sample.Planned(), sample.InState(cancellation.Calling))},
		"already_answered_cancelled": {Kind: answer.AlreadyAnswered, Request: sample.Finals()["cancelled"]},
		"already_answered_kept":      {Kind: answer.AlreadyAnswered, Request: sample.Finals()["kept"]},
		"settled_cancelled":          {Kind: answer.Settled, Request: sample.Finals()["cancelled"]},
		"settled_failed":             {Kind: answer.Settled, Request: sample.Finals()["failed"]},
		"undo_too_late_cancelled":    {Kind: answer.UndoTooLate, Request: sample.Finals()["cancelled"]},
		"undo_too_late_calling":      {Kind: answer.UndoTooLate, Request: sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.StoppedBy(sample.Ana))},
		"lookup_failed_now":          {Kind: answer.LookupFailed, Request: sample.Planned(), Class: "unavailable"},
		"lookup_failed_kind":         {Kind: answer.LookupFailed, Request: sample.Planned(), Class: "kind_unknown"},
		"still_unknown_over":         {Kind: answer.StillUnknown, Request: sample.Planned(), Class: cancellation.WhyOver},
		"busy_now":                   {Kind: answer.Busy, Reference: "5f2c1d9e-0d1b-4c55"},
		"busy_slack_waits":           {Kind: answer.Busy, Class: "slack_throttled", Until: sample.Noon},
		"busy_login":                 {Kind: answer.Busy, Class: "locked"},
		"busy_service":               {Kind: answer.Busy, Class: "throttled"},
		"lookup_failed_meetings":     {Kind: answer.LookupFailed, Class: "throttled"},
		"occurrence_not_found_next":  {Kind: answer.OccurrenceNotFound, Request: sample.Change(sample.Recurring(), func(r *cancellation.Request) { r.Wanted = "2026-12-24" })},
		"under_way_confirmed":        {Kind: answer.UnderWay, Request: sample.Planned(), Who: sample.Bob, Link: sample.Link},
		"too_late_untyped":           {Kind: answer.TooLate, Request: sample.Change(sample.Planned(), sample.EndAsked, sample.Reasoned)},
		"delegate_bot_named":         {Kind: answer.DelegateBot, Who: sample.Bob},
		"delegate_too_long_days":     {Kind: answer.DelegateTooLong, Wait: 90 * 24 * time.Hour},
		"may_ask_owner_list_closed":  {Kind: answer.MayAskOwner, Request: sample.Planned(), Who: sample.Olga, Users: []string{sample.Ana}, Groups: []string{"S1"}, ListClosed: true},
		"still_unknown_over_many":    {Kind: answer.StillUnknown, Request: unknown, Class: cancellation.WhyOver},
		"still_unknown_many":         {Kind: answer.StillUnknown, Request: unknown},
		"still_unknown_wait_many":    {Kind: answer.StillUnknown, Request: unknown, Class: "throttled", Until: sample.Noon},
		"may_ask_owner_alone":        {Kind: answer.MayAskOwner, Request: sample.Planned(), Who: sample.Olga},
		"asked_already_a_moment_ago": {Kind: answer.AskedAlready, Request: sample.Planned(), Who: sample.Olga},
		"cannot_post_here_closed":    {Kind: answer.CannotPostHere, Class: answer.PostingClosed},
		"cannot_post_here_refused":   {Kind: answer.CannotPostHere, Class: answer.CardRefused},
		"unheard_of":                 {Kind: "unheard_of"},
	} {
		all[name] = answer.Draw(v.Person(locale), a)
	}
	return all
}

// faultSamples draws the answers to faulty command lines.
func faultSamples(v *view.Renderer, locale string) map[string]any {
	all := map[string]any{}
	for name, line := range sample.FaultLines() {
		_, err := command.Parse(line)
		if fault, ok := errors.AsType[*command.Fault](err); ok {
			all[name] = help.Fault(v.Person(locale), fault)
		}
	}
	return all
}

// classSamples draws the replies for every class of error.
func classSamples(v *view.Renderer) map[string]any {
	all := map[string]any{}
	for _, class := range sample.Classes() {
		all[class] = v.ThreadReply(sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, class)))
	}
	return all
}

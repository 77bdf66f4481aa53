package gallery

import (
	"fmt"
	"time"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// delegationSamples returns the views shown when a delegation is given and used.
func delegationSamples() []View {
	const month = 30 * 24 * time.Hour
	asked := sample.Planned()
	all := []View{
		cardOf("cancelled_let", sample.Change(sample.Finals()["cancelled"], sample.OffersDelegation("dave"))),
		cardOf("kept_let", sample.Change(sample.Finals()["kept"], sample.OffersDelegation("D.  Roe, who has a rather long name here"))),
		personal("modal_delegate", asked.ID, func(p page.Page) any { return modal.Delegate(p, asked, 3*month, "2026-12-31") }),
		personal("modal_delegate_home", "", func(p page.Page) any { return modal.Delegate(p, cancellation.Request{}, time.Hour, "2026-12-01") }),
		personal("delegation_given", "", func(p page.Page) any { return notice.Given(p, sample.Delegation()) }),
		personal("delegation_received", "", func(p page.Page) any { return notice.Delegation(p, sample.Delegation()) }),
		personal("delegation_ended", "", func(p page.Page) any {
			d := sample.Delegation()
			d.EndedAt = sample.Noon
			return notice.Delegation(p, d)
		}),
	}
	for _, name := range []string{"cancelled", "ended", "series_ended", "dates", "gone", "refused", "failed", "undone", "unknown", "superseded"} {
		r := sample.Change(sample.Finals()[name], sample.OwnerNotice(cancellation.NoticeSent), sample.ByDelegate)
		all = append(all, personal("owner_"+name+"_delegate", r.ID, func(p page.Page) any { return notice.Owner(p, r, sample.Link) }))
	}
	return all
}

// homeSamples returns Homes: full, empty, for a person who may not use the bot, and ones that
// can't be drawn.
func homeSamples() []View {
	home := func(name string, f hometab.Facts) View {
		f.Now = sample.Noon
		return personal("home_"+name, "", func(p page.Page) any { return hometab.Draw(p, f) })
	}
	var meetings []hometab.Meeting
	for i, c := range sample.Choices() {
		meetings = append(meetings, hometab.Meeting{ID: cancellation.ID(fmt.Sprintf("listed-%d", i)), Choice: c})
	}
	full := hometab.Facts{
		Waiting: []cancellation.Request{sample.Running(), sample.Recurring()}, Meetings: meetings[13:], MayDelegate: true,
		Delegations: []cancellation.Delegation{sample.Delegation()},
		Cancelled:   []cancellation.Request{sample.Finals()["cancelled"], sample.Finals()["series_ended"], sample.Finals()["dates"]},
	}
	many := full
	for i := range 300 {
		many.Meetings = append(many.Meetings, hometab.Meeting{ID: cancellation.ID(fmt.Sprintf("listed-%d", 100+i)), Choice: meetings[i%13].Choice})
		many.Waiting = append(many.Waiting, sample.Planned())
		many.Cancelled = append(many.Cancelled, sample.Finals()["cancelled"])
		many.Delegations = append(many.Delegations, sample.Delegation())
	}
	many.MayDelegate, many.WaitingPartial, many.Partial = false, true, true
	return []View{
		home("full", full),
		home("many", many),
		home("several", hometab.Facts{Waiting: []cancellation.Request{sample.Many(5)}}),
		home("empty", hometab.Facts{MayDelegate: true}),
		home("no_delegation", hometab.Facts{}),
		home("meetings_wait", hometab.Facts{MayDelegate: true, Failed: "throttled", FailedUntil: sample.Noon.Add(time.Hour)}),
		home("meetings_failed", hometab.Facts{MayDelegate: true, Failed: "unavailable"}),
		home("elsewhere", hometab.Facts{Meetings: meetings[15:16], Channels: []string{"C0OPS0001"}}),
		home("guest", hometab.Facts{Refusal: &answer.Answer{Kind: answer.Guest}}),
		personal("home_failed", "", func(p page.Page) any { return hometab.Failed(p, hometab.NotRead) }),
		personal("home_failed_person", "", func(p page.Page) any { return hometab.Failed(p, hometab.UnknownPerson) }),
		personal("home_failed_slack", "", func(p page.Page) any { return hometab.Failed(p, hometab.Slack) }),
	}
}

// questionSamples returns the views about asking the owner. The card is in the owner's
// language, whatever the renderer.
func questionSamples() (all []View) {
	card := func(name string, r cancellation.Request) {
		r = sample.Change(r, sample.AsksOlga)
		all = append(all, View{"question_" + name, r.ID, func(v *view.Renderer, locale string) any {
			r.Locale = locale
			return v.Card(r, sample.Noon)
		}})
	}
	told := func(name string, r cancellation.Request) {
		r = sample.Change(r, sample.AsksOlga)
		all = append(all, personal("question_notice_"+name, r.ID, func(p page.Page) any { return notice.Question(p, r) }))
	}
	card("planned", sample.Planned())
	card("running", sample.Running())
	card("recurring", sample.Recurring())
	card("date", sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 2)))
	card("direct", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Channel = "D0DAVE001" }))
	card("changed", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Supersedes, r.AskAgain = "earlier", cancellation.AskAgainChanged }))
	card("muted", sample.Change(sample.Finals()["kept"], sample.Muted))
	card("expired", sample.Finals()["expired"])
	card("not_owner", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "not_owner")))
	for _, name := range []string{"cancelled", "ended", "series", "dates", "gone", "failed", "unknown", "kept", "undone", "expired"} {
		told(name, sample.Finals()[name])
	}
	told("not_owner", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "not_owner")))
	told("owner_left", sample.Change(sample.Planned(), sample.DoneWith(cancellation.Refused, "owner_left")))
	told("changed", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.AskAgain = cancellation.AskAgainChanged }))
	told("unlisted", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.AskAgain = cancellation.AskAgainUnlisted }))
	told("stale", sample.Change(sample.Planned(), func(r *cancellation.Request) { r.AskAgain = cancellation.AskAgainStale }))
	unasked := sample.Change(sample.Finals()["expired"], sample.AsksOlga, func(r *cancellation.Request) { r.Card = cancellation.Card{} })
	expired := sample.Change(sample.Finals()["expired"], sample.AsksOlga)
	return append(all,
		View{"question_thread_expired", expired.ID, func(v *view.Renderer, locale string) any {
			expired.Locale = locale
			return v.ThreadReply(expired)
		}},
		personal("question_notice_unasked", unasked.ID, func(p page.Page) any { return notice.Question(p, unasked) }),
		personal("modal_ask_owner", sample.Planned().ID, func(p page.Page) any { return modal.AskOwner(p, sample.Planned()) }),
		personal("modal_ask_owner_unnamed", sample.Planned().ID, func(p page.Page) any {
			return modal.AskOwner(p, sample.Change(sample.Planned(), func(r *cancellation.Request) { r.Meeting.OwnerName = "" }))
		}))
}

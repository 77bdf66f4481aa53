package gallery

import (
	"fmt"
	"time"

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

package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
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

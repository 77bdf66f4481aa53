package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// letterSamples are the samples of everything that one person reads.
func letterSamples() []View {
	picker := sample.Planned()
	picker.Number, picker.Meeting, picker.Choices = "", cancellation.Meeting{}, sample.Choices()
	room := sample.Change(picker, func(r *cancellation.Request) { r.Number, r.Choices = "9001234567", r.Choices[:2] })
	partial := sample.Change(picker, func(r *cancellation.Request) { r.Choices, r.Partial = r.Choices[:2], true })
	helped := func(name string, f help.Facts) View {
		return View{"help_" + name, "", func(v *view.Renderer, locale string) any { return v.Help(locale, f) }}
	}
	all := []View{
		{"chooser_picker", picker.ID, func(v *view.Renderer, locale string) any { return v.Chooser(locale, picker) }},
		{"chooser_room", room.ID, func(v *view.Renderer, locale string) any { return v.Chooser(locale, room) }},
		{"list", "", func(v *view.Renderer, locale string) any { return v.List(locale, sample.Choices()[14:], 0, false) }},
		{"list_partial", "", func(v *view.Renderer, locale string) any { return v.List(locale, sample.Choices()[:2], 0, true) }},
		{"chooser_partial", partial.ID, func(v *view.Renderer, locale string) any { return v.Chooser(locale, partial) }},
		{"list_more", "", func(v *view.Renderer, locale string) any { return v.List(locale, sample.Choices(), 1, false) }},
		{"history", "", func(v *view.Renderer, locale string) any {
			f := sample.Finals()
			return v.History(locale, []cancellation.Request{f["cancelled"], f["ended"], f["dates"], f["refused_denied"], f["kept"], sample.Planned()})
		}},
		helped("own", help.Facts{Helpers: []string{sample.Ana, sample.Bob, "S0ADMINS1"}, Channels: []string{"C0OPS0001"}, SecondPerson: cancellation.SecondEnd}),
		helped("any", help.Facts{MayAny: true, Several: true, Helpers: []string{sample.Ana}, SecondPerson: cancellation.SecondAlways}),
		helped("everyone", help.Facts{MayAny: true, Helpers: []string{"*"}, Channels: []string{"*"}, SecondPerson: cancellation.SecondSeries}),
		{"modal_reason", sample.Planned().ID, func(v *view.Renderer, locale string) any { return v.ReasonModal(locale, sample.Planned()) }},
		{"modal_reason_change", sample.Planned().ID, func(v *view.Renderer, locale string) any {
			return v.ReasonModal(locale, sample.Change(sample.Planned(), sample.Reasoned))
		}},
		{"answers", sample.Planned().ID, func(v *view.Renderer, locale string) any { return answerSamples(v, locale) }},
		{"faults", "", func(v *view.Renderer, locale string) any { return faultSamples(v, locale) }},
		{"classes", "", func(v *view.Renderer, locale string) any { return classSamples(v, locale) }},
	}
	all = append(all, questionSamples()...)
	for _, name := range []string{"cancelled", "ended", "series", "dates"} {
		told := sample.Finals()[name]
		all = append(all, View{"invited_" + name, told.ID, func(v *view.Renderer, locale string) any { return v.InvitedNotice(locale, told) }})
		r := sample.Change(sample.Finals()[name], sample.OwnerNotice(cancellation.NoticeSent), sample.Invited("no"))
		all = append(all,
			View{"owner_" + name, r.ID, func(v *view.Renderer, locale string) any { return v.OwnerNotice(locale, r, sample.Link) }},
			View{"asker_" + name, r.ID, func(v *view.Renderer, locale string) any { return v.AskerNotice(locale, r, "") }})
	}
	return all
}

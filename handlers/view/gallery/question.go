package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

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

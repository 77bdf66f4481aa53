package view

import "meetingbot/internal/cancellation"

// questionSamples are the samples of asking the owner. The card is in the owner's
// language, whoever draws it.
func questionSamples() (all []sample) {
	card := func(name string, r cancellation.Request) {
		r = change(r, asksOlga)
		all = append(all, sample{"question_" + name, r.ID, func(v *Renderer, locale string) any {
			r.Locale = locale
			return v.Card(r, noon)
		}})
	}
	notice := func(name string, r cancellation.Request) {
		r = change(r, asksOlga)
		all = append(all, sample{"question_notice_" + name, r.ID, func(v *Renderer, locale string) any { return v.QuestionNotice(locale, r) }})
	}
	card("planned", samplePlanned())
	card("running", sampleRunning())
	card("recurring", sampleRecurring())
	card("date", change(sampleRecurring(), scoped(cancellation.Occurrence, 2)))
	card("direct", change(samplePlanned(), func(r *cancellation.Request) { r.Channel = "D0DAVE001" }))
	card("changed", change(samplePlanned(), func(r *cancellation.Request) { r.Supersedes, r.Anew = "earlier", cancellation.AnewChanged }))
	card("muted", change(sampleFinals()["kept"], muted))
	card("expired", sampleFinals()["expired"])
	card("not_owner", change(samplePlanned(), doneWith(cancellation.Refused, "not_owner")))
	for _, name := range []string{"cancelled", "ended", "series", "dates", "gone", "failed", "unknown", "kept", "undone", "expired"} {
		notice(name, sampleFinals()[name])
	}
	notice("not_owner", change(samplePlanned(), doneWith(cancellation.Refused, "not_owner")))
	notice("changed", change(samplePlanned(), func(r *cancellation.Request) { r.Anew = cancellation.AnewChanged }))
	notice("stale", change(samplePlanned(), func(r *cancellation.Request) { r.Anew = cancellation.AnewStale }))
	expired := change(sampleFinals()["expired"], asksOlga)
	return append(all,
		sample{"question_thread_expired", expired.ID, func(v *Renderer, locale string) any {
			expired.Locale = locale
			return v.ThreadReply(expired)
		}},
		sample{"modal_ask_owner", samplePlanned().ID, func(v *Renderer, locale string) any { return v.AskOwnerModal(locale, samplePlanned()) }},
		sample{"modal_ask_owner_unnamed", samplePlanned().ID, func(v *Renderer, locale string) any {
			return v.AskOwnerModal(locale, change(samplePlanned(), func(r *cancellation.Request) { r.Meeting.OwnerName = "" }))
		}})
}

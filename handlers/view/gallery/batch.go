package gallery

import (
	"fmt"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// manySamples are the samples of everything about several meetings.
func manySamples() []View {
	var all []View
	for name, r := range sample.ManyRequests() {
		all = append(all, cardOf(name, r))
		if r.State == cancellation.Done {
			all = append(all,
				threadOf(name, r),
				View{"owner_" + name, r.ID, func(v *view.Renderer, locale string) any {
					return v.ManyOwnerNotice(locale, r, r.Batch.Owners[:1], sample.Link)
				}},
				View{"asker_" + name, r.ID, func(v *view.Renderer, locale string) any { return v.AskerNotice(locale, r, sample.Link) }})
		}
	}
	for _, name := range []string{"many_part", "many_none", "many_unknown", "many_undone", "many_superseded"} {
		r := sample.Change(sample.ManyRequests()[name], sample.Reviewing, sample.ByDelegate)
		all = append(all, View{"owner_" + name + "_delegate", r.ID, func(v *view.Renderer, locale string) any {
			return v.ManyOwnerNotice(locale, r, r.Batch.Owners[:1], sample.Link)
		}})
	}
	strict := func(s cancellation.SecondPerson, r cancellation.Request) View {
		return cardOf("many_second_"+string(s), r, second(s))
	}
	var lines []string
	for i := range 23 {
		lines = append(lines, fmt.Sprintf(`/cancel-meeting 98500%04d --reason "ill"`, i))
	}
	nothing := func(name string, b cancellation.Batch) View {
		return View{"many_nothing_" + name, "", func(v *view.Renderer, locale string) any { return v.NothingOffered(locale, b) }}
	}
	return append(all,
		strict(cancellation.SecondMany, sample.Many(3)), strict(cancellation.SecondEnd, sample.Change(sample.Many(3), sample.Reviewing)),
		strict(cancellation.SecondAlways, sample.Many(3)), strict(cancellation.SecondSeries, sample.ManyRequests()["many_asked_series"]),
		cardOf("many_minimal", sample.Change(sample.Many(5), sample.Reviewing), minimal),
		View{"many_portions", "", func(v *view.Renderer, locale string) any { return v.Portions(locale, 41, 20, lines[:3]) }},
		View{"many_portions_one", "", func(v *view.Renderer, locale string) any { return v.Portions(locale, 23, 1, lines) }},
		nothing("days", cancellation.Batch{Days: "2026-12-01"}),
		nothing("of", cancellation.Batch{Days: "2026-12-01", Whose: sample.Olga}),
		nothing("left", *sample.ManyRequests()["many_asked_numbers"].Batch),
		View{"many_days_unknown", "", func(v *view.Renderer, locale string) any {
			return v.DaysUnknown(locale, "today", sample.Choices()[:3], 2, false)
		}},
		View{"many_days_unknown_none", "", func(v *view.Renderer, locale string) any { return v.DaysUnknown(locale, "today", nil, 0, true) }},
		View{"history_many", "", func(v *view.Renderer, locale string) any {
			all := sample.ManyRequests()
			return v.History(locale, []cancellation.Request{all["many_part"], all["many_done"], all["many_kept"]})
		}},
	)
}

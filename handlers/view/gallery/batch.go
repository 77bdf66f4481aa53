package gallery

import (
	"fmt"

	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// manySamples returns the views about several meetings.
func manySamples() []View {
	var all []View
	for name, r := range sample.ManyRequests() {
		all = append(all, cardOf(name, r))
		if r.State == cancellation.Done {
			all = append(all,
				threadOf(name, r),
				personal("owner_"+name, r.ID, func(p page.Page) any { return batch.OwnerNotice(p, r, r.Batch.Owners[:1], sample.Link) }),
				personal("asker_"+name, r.ID, func(p page.Page) any { return batch.Asker(p, r, sample.Link) }))
		}
	}
	for _, name := range []string{"many_part", "many_none", "many_unknown", "many_undone", "many_superseded"} {
		r := sample.Change(sample.ManyRequests()[name], sample.Reviewing, sample.ByDelegate)
		all = append(all, personal("owner_"+name+"_delegate", r.ID, func(p page.Page) any { return batch.OwnerNotice(p, r, r.Batch.Owners[:1], sample.Link) }))
	}
	strict := func(s cancellation.SecondPerson, r cancellation.Request) View {
		return cardOf("many_second_"+string(s), r, second(s))
	}
	var lines []string
	for i := range 23 {
		lines = append(lines, fmt.Sprintf(`/cancel-meeting 98500%04d --reason "ill"`, i))
	}
	nothing := func(name string, b cancellation.Batch) View {
		return personal("many_nothing_"+name, "", func(p page.Page) any { return batch.NothingOffered(p, b) })
	}
	today := command.Command{Verb: command.CancelMany, Days: command.Days{From: command.Today, To: command.Today}, End: true, Reason: "ill"}
	return append(all,
		strict(cancellation.SecondMany, sample.Many(3)), strict(cancellation.SecondEnd, sample.Change(sample.Many(3), sample.Reviewing)),
		strict(cancellation.SecondAlways, sample.Many(3)), strict(cancellation.SecondSeries, sample.ManyRequests()["many_asked_series"]),
		cardOf("many_minimal", sample.Change(sample.Many(5), sample.Reviewing), minimal),
		personal("many_portions", "", func(p page.Page) any { return batch.Portions(p, 41, 20, lines[:3]) }),
		personal("many_portions_one", "", func(p page.Page) any { return batch.Portions(p, 23, 1, lines) }),
		nothing("days", cancellation.Batch{Days: "2026-12-01"}),
		nothing("of", cancellation.Batch{Days: "2026-12-01", Whose: sample.Olga}),
		nothing("left", *sample.ManyRequests()["many_asked_numbers"].Batch),
		personal("many_days_unknown", "", func(p page.Page) any { return list.DaysUnknown(p, today, sample.Choices()[:3], 2, false) }),
		personal("many_days_unknown_none", "", func(p page.Page) any { return list.DaysUnknown(p, today, nil, 0, true) }),
		personal("history_many", "", func(p page.Page) any {
			all := sample.ManyRequests()
			return list.History(p, []cancellation.Request{all["many_part"], all["many_done"], all["many_kept"]})
		}),
	)
}

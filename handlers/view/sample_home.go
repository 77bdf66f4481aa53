package view

import (
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

func sampleDelegation() cancellation.Delegation {
	return cancellation.Delegation{ID: "delegation", Giver: olga, Receiver: bob, GivenAt: noon, Until: noon.AddDate(0, 1, 0)}
}

// byDelegate makes the person who confirmed a delegate.
func byDelegate(r *cancellation.Request) { r.Delegation = "delegation" }

// offersLet makes a card that offers the owner to delegate to the asker.
func offersLet(name string) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.OfferLet = name }
}

// delegationSamples are what is shown when a delegation is given and used.
func delegationSamples() []sample {
	const month = 30 * 24 * time.Hour
	card := func(name string, r cancellation.Request) sample {
		return sample{"card_" + name, r.ID, func(v *Renderer, _ string) any { return v.Card(r, noon) }}
	}
	asked := samplePlanned()
	all := []sample{
		card("cancelled_let", change(sampleFinals()["cancelled"], offersLet("dave"))),
		card("kept_let", change(sampleFinals()["kept"], offersLet("D.  Roe, who has a rather long name here"))),
		{"modal_delegate", asked.ID, func(v *Renderer, locale string) any {
			return v.DelegateModal(locale, asked, 3*month, "2026-12-31")
		}},
		{"modal_delegate_home", "", func(v *Renderer, locale string) any {
			return v.DelegateModal(locale, cancellation.Request{}, time.Hour, "2026-12-01")
		}},
		{"delegation_given", "", func(v *Renderer, locale string) any { return v.DelegationGiven(locale, sampleDelegation()) }},
		{"delegation_received", "", func(v *Renderer, locale string) any { return v.DelegationNotice(locale, sampleDelegation()) }},
		{"delegation_ended", "", func(v *Renderer, locale string) any {
			d := sampleDelegation()
			d.EndedAt = noon
			return v.DelegationNotice(locale, d)
		}},
	}
	for _, name := range []string{"cancelled", "ended", "series_ended", "dates", "gone", "refused", "failed", "undone"} {
		r := change(sampleFinals()[name], ownerNotice(cancellation.NoticeSent), byDelegate)
		all = append(all, sample{"owner_" + name + "_delegate", r.ID, func(v *Renderer, locale string) any { return v.OwnerNotice(locale, r, sampleLink) }})
	}
	return all
}

// homeSamples are Homes: with everything, with nothing, for a person who may not use
// the bot, and for when it can't be drawn.
func homeSamples() []sample {
	home := func(name string, f HomeFacts) sample {
		f.Now = noon
		return sample{"home_" + name, "", func(v *Renderer, locale string) any { return v.Home(locale, f) }}
	}
	var meetings []HomeMeeting
	for i, c := range sampleChoices() {
		meetings = append(meetings, HomeMeeting{ID: cancellation.ID(fmt.Sprintf("listed-%d", i)), Choice: c})
	}
	full := HomeFacts{
		Waiting: []cancellation.Request{sampleRunning(), sampleRecurring()}, Meetings: meetings[13:], MayLet: true,
		Lets:      []cancellation.Delegation{sampleDelegation()},
		Cancelled: []cancellation.Request{sampleFinals()["cancelled"], sampleFinals()["series_ended"], sampleFinals()["dates"]},
	}
	many := full
	for i := range 300 {
		many.Meetings = append(many.Meetings, HomeMeeting{ID: cancellation.ID(fmt.Sprintf("listed-%d", 100+i)), Choice: meetings[i%13].Choice})
		many.Waiting = append(many.Waiting, samplePlanned())
		many.Cancelled = append(many.Cancelled, sampleFinals()["cancelled"])
		many.Lets = append(many.Lets, sampleDelegation())
	}
	many.MayLet, many.WaitingPartial, many.Partial = false, true, true
	return []sample{
		home("full", full),
		home("many", many),
		home("several", HomeFacts{Waiting: []cancellation.Request{sampleMany(5)}}),
		home("empty", HomeFacts{MayLet: true}),
		home("no_delegation", HomeFacts{}),
		home("meetings_failed", HomeFacts{MayLet: true, Failed: "unavailable"}),
		home("elsewhere", HomeFacts{Meetings: meetings[15:16], Channels: []string{"C0OPS0001"}}),
		home("guest", HomeFacts{Refusal: &Answer{Kind: Guest}}),
		{"home_failed", "", func(v *Renderer, locale string) any { return v.HomeFailed(locale, HomeNotRead) }},
		{"home_failed_person", "", func(v *Renderer, locale string) any { return v.HomeFailed(locale, HomeUnknownPerson) }},
		{"home_failed_slack", "", func(v *Renderer, locale string) any { return v.HomeFailed(locale, HomeSlack) }},
	}
}

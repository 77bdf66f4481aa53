package view

import "meetingbot/internal/cancellation"

// invitedSamples are cards that ask whether to tell invited people, replies that say
// how many were told, and cards that have changed while nobody answered.
func invitedSamples() []sample {
	card := func(name string, tell cancellation.TellInvited, r cancellation.Request) sample {
		return sample{"card_asked_" + name, r.ID, func(v *Renderer, _ string) any {
			telling := *v
			telling.Tell = tell
			return telling.Card(r, noon)
		}}
	}
	reply := func(name string, t cancellation.Telling) sample {
		r := change(samplePlanned(), doneWith(cancellation.Cancelled, ""), ownerNotice(cancellation.NoticeSent), told(t))
		return sample{"thread_invited_" + name, r.ID, func(v *Renderer, _ string) any { return v.ThreadReply(r) }}
	}
	anew := func(why cancellation.Anew) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Supersedes, r.Anew = "earlier", why }
	}
	return []sample{
		card("tell", cancellation.TellAsk, change(samplePlanned(), invited("no"))),
		card("tell_ticked", cancellation.TellAsk, change(sampleRecurring(), invited("yes"), told(cancellation.Telling{Wanted: true}))),
		card("tell_always", cancellation.TellAlways, change(samplePlanned(), invited("yes"))),
		reply("told", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 12, Told: 9}),
		reply("told_one", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 1, Told: 1}),
		reply("unread", cancellation.Telling{Wanted: true, Result: cancellation.TellUnread}),
		card("started", "", change(sampleRunning(), anew(cancellation.AnewStarted))),
		card("moved", "", change(samplePlanned(), anew(cancellation.AnewMoved))),
		card("edited", "", change(sampleRecurring(), anew(cancellation.AnewEdited))),
	}
}

func told(t cancellation.Telling) func(*cancellation.Request) {
	return func(r *cancellation.Request) { r.Telling = t }
}

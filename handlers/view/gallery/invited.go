package gallery

import (
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// invitedSamples returns cards that ask whether to tell invited people, replies that say how
// many were told, and cards that changed while the question was open.
func invitedSamples() []View {
	card := func(name string, tell cancellation.TellInvited, r cancellation.Request) View {
		return cardOf("asked_"+name, r, func(v *view.Renderer) { v.Tell = tell })
	}
	reply := func(name string, t cancellation.Telling) View {
		r := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""), sample.OwnerNotice(cancellation.NoticeSent), sample.Told(t))
		return threadOf("invited_"+name, r)
	}
	askAgain := func(why cancellation.AskAgain) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Supersedes, r.AskAgain = "earlier", why }
	}
	return []View{
		card("tell", cancellation.TellAsk, sample.Change(sample.Planned(), sample.Invited("no"))),
		card("tell_ticked", cancellation.TellAsk, sample.Change(sample.Recurring(), sample.Invited("yes"), sample.Told(cancellation.Telling{Wanted: true}))),
		card("tell_always", cancellation.TellAlways, sample.Change(sample.Planned(), sample.Invited("yes"))),
		reply("told", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 12, Told: 9}),
		reply("told_knew", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 12, Told: 9, Knew: 2}),
		reply("told_one", cancellation.Telling{Wanted: true, Result: cancellation.TellDone, People: 1, Told: 1}),
		reply("unread", cancellation.Telling{Wanted: true, Result: cancellation.TellUnread}),
		card("started", "", sample.Change(sample.Running(), askAgain(cancellation.AskAgainStarted))),
		card("moved", "", sample.Change(sample.Planned(), askAgain(cancellation.AskAgainMoved))),
		card("edited", "", sample.Change(sample.Recurring(), askAgain(cancellation.AskAgainEdited))),
	}
}

package sim

import (
	"slices"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// What can happen to the place where a card stands.
const (
	cardDeleted = "a card is deleted"
	botRemoved  = "the bot is removed"
	archived    = "the channel is archived"
)

// placeFault takes away the place where a card stands, perhaps only for a while.
func (w *world) placeFault() {
	what := pickWeighted(w.chance, "place/what", []weighted[string]{{2, cardDeleted}, {2, botRemoved}, {1, archived}})
	at, for_ := w.when("place/when"), w.chance.between("place/for", time.Second, 30*time.Second)
	back := what != cardDeleted && w.chance.happens("place/back", 0.5)
	w.chance.note("place: %s at %s; it ends after %s: %t", what, w.clock(w.began.Add(at)), for_, back)
	w.after(at, func() {
		w.struck.Add(1)
		w.count(what)
		w.tell("place: %s", what)
		switch what {
		case cardDeleted:
			w.deleteCard()
			return
		case botRemoved:
			w.slack.AddChannel(slacksim.Channel{ID: general, Name: "general", Members: everybody})
		case archived:
			w.slack.Archive(general, true)
		}
		w.losePlace(slacksim.Ref{Channel: general})
		if back {
			time.Sleep(for_)
			w.slack.AddChannel(slacksim.Channel{ID: general, Name: "general", BotMember: true, Members: everybody})
			w.tell("place: it ends")
		}
	})
}

// deleteCard deletes the newest message of the bot in a channel.
func (w *world) deleteCard() {
	all := slices.Concat(w.slack.Messages(general, ana), w.slack.Messages(foreign, ana))
	all = slices.DeleteFunc(all, func(m slacksim.Message) bool { return m.User != "U0BOT" || m.EphemeralFor != "" })
	if len(all) > 0 {
		newest := slices.MaxFunc(all, func(a, b slacksim.Message) int { return cmpStamp(a.TS, b.TS) })
		w.losePlace(newest.Ref)
		w.slack.Delete(newest.Ref)
	}
}

// checkLost: if a card can't say how its request ended, the thread or the asker is told.
func (w *world) checkLost(q store.Request) {
	if q.State != cancellation.Superseded && q.Effects[cancellation.FinalEffect].Result == "refused" && q.State.Final() && !w.everLost(q.Asker, deactivated) {
		w.fail("d: lost card", "request %s is %s %s and its card is lost, but the asker was not told", short(string(q.ID)), q.State, q.Outcome)
	}
	if q.State != cancellation.Done {
		return
	}
	if told := q.Effects[cancellation.ThreadEffect].Result; told == "" || told == "refused" && !w.everLost(q.Asker, deactivated) {
		w.fail("d: lost card", "request %s is %s and its card is lost, but nobody was told", short(string(q.ID)), q.Outcome)
	}
	w.checkOwner(q)
}

func (w *world) losePlace(at slacksim.Ref) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost[at] = true
}

// isLost reports whether a message was deleted, or whether its channel was closed to the bot.
func (w *world) isLost(at slacksim.Ref) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost[at] || w.lost[slacksim.Ref{Channel: at.Channel}]
}

package sim

import (
	"slices"
	"time"

	"meetingbot/internal/slacksim"
)

// Eve is of another workspace. In some schedules it belongs to the bot's organisation, and she is a
// member like any other; in the others no list makes her one.
const (
	eve       = "U0EVE"
	otherTeam = "T0OTHER"
)

var organisation = slacksim.Enterprise{ID: "E0ORG", Name: "Org", Teams: []string{otherTeam}}

// What the rules have seen of Eve.
const (
	outsiderPressed = "a person of another organisation presses"
	memberPressed   = "a person of the organisation's other workspace presses"
)

// outsideFault puts Eve on the list. She asks and presses, her own card and others'.
func (w *world) outsideFault() {
	if w.chance.unit("outside/grid") < 0.5 {
		w.installToOrg()
	}
	w.config.AllowUsers = append(slices.Clone(w.config.AllowUsers), eve)
	w.slack.AddUser(slacksim.User{ID: eve, Name: "eve", RealName: "Eve Park", Email: "eve@example.com", TZ: "UTC", TeamID: otherTeam})
	w.slack.AddChannel(slacksim.Channel{ID: general, Name: "general", BotMember: true, Members: append(slices.Clone(everybody), eve)})
	at := w.askedAt("outside")
	w.chance.note("outside: @%s of %s, listed in ALLOW_USERS, asks at %s; it is of the bot's organisation: %t", eve, otherTeam, w.clock(w.began.Add(at)), w.org)
	line := pick(w.chance, "outside/what", number(0), number(0), number(0)+" --end", "", "list")
	w.after(at, func() { w.typeLine(eve, general, "/cancel-meeting "+line) })
	w.later("outside/own", at+firstFrom, at+firstTo, func() { w.pressSomething("outside/own", eve) })
	for _, name := range []string{"outside/0", "outside/1"} { // the card of anyone
		w.later(name, at, at+30*time.Second, func() {
			w.pressIn(name, eve, general, "cancel_meeting", "end_meeting", "cancel_series", "cancel_ticked")
		})
	}
}

func (w *world) installToOrg() {
	w.org = true
	w.slack.InstallToOrg(organisation)
}

// isOutside reports whether a person is of another organisation, and so may do nothing.
func (w *world) isOutside(person string) bool { return person == eve && !w.org }

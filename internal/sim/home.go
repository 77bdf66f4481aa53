package sim

import (
	"strconv"
	"time"

	"meetingbot/internal/slacksim"
)

// scheduleHomes schedules people opening the app's Home and pressing something there.
func (w *world) scheduleHomes() {
	for i := range 2 {
		name := "home/" + strconv.Itoa(i)
		if !w.chance.happens(name, 0.25) {
			continue
		}
		person := pick(w.chance, name+"/who", carol, carol, ana, dave)
		w.after(w.chance.between(name+"/at", time.Second, w.horizon), func() { w.openHome(name, person) })
	}
}

func (w *world) openHome(name, person string) {
	if w.open(person) && w.chance.happens(name+"/press", 0.7) {
		w.later(name+"/press", 500*time.Millisecond, 10*time.Second, func() { w.pressHome(name, person) })
	}
}

func (w *world) open(person string) bool {
	return w.do(&act{person: person, what: "opens Home", home: true}, func() (*slacksim.Action, error) { return w.slack.OpenHome(person) })
}

// pressHome presses a random button in a person's Home.
func (w *world) pressHome(name, person string) {
	h, there := w.slack.Home(person)
	if !there {
		return
	}
	buttons := h.Buttons()
	if len(buttons) == 0 {
		return
	}
	w.pressInHome(name, person, h, buttons[w.chance.number(name+"/button", len(buttons))])
}

func (w *world) pressInHome(name, person string, h slacksim.Home, b slacksim.Button) {
	pressed := w.do(&act{person: person, what: b.ActionID, button: b.Text, value: b.Value, home: true}, func() (*slacksim.Action, error) {
		return w.slack.ClickView(person, h.ID, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	})
	if pressed {
		w.count(b.ActionID)
		if opensWindow(b.ActionID) && w.chance.happens(name+"/window", 0.85) {
			w.later(name+"/window", 300*time.Millisecond, 6*time.Second, func() { w.send(name+"/window", person, slacksim.Ref{}) })
		}
		if w.chance.happens(name+"/goes on", 0.6) {
			w.later(name+"/goes on", firstFrom, firstTo, func() { w.pressSomething(name+"/goes on", person) })
		}
	}
}

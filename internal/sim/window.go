package sim

import (
	"slices"
	"time"

	"meetingbot/internal/slacksim"
)

// opensWindow reports whether a button opens a modal.
func opensWindow(action string) bool {
	return slices.Contains([]string{"add_reason", "ask_owner", "delegate", "delegate_add"}, action)
}

// send fills in the modal in front of a person, opened by a button of the message opener, and
// submits or closes it.
func (w *world) send(name, person string, opener slacksim.Ref) {
	m, there := w.slack.Modal(person)
	if !there {
		return
	}
	if w.chance.unit(name+"/close") < 0.1 {
		_, _ = w.slack.CloseModal(person) // it may be gone by now
		return
	}
	a := &act{person: person, what: m.CallbackID, request: m.PrivateMetadata, channel: w.slack.DM(person), ref: opener, shown: m.Plain(), window: true, home: m.PrivateMetadata == ""}
	sent := w.do(a, func() (*slacksim.Action, error) { return w.slack.SubmitModal(person, w.modalInput(m)) })
	if sent && m.CallbackID == "delegate_window" && w.chance.happens(name+"/use", 0.7) {
		w.later(name+"/use", time.Second, 8*time.Second, func() { w.useDelegation(name + "/use") })
	}
	if sent && m.CallbackID == "delegate_window" {
		w.takeBackLater(name)
	}
	if sent && m.CallbackID == "ask_owner_reason" && w.chance.happens(name+"/owner", 0.8) {
		w.later(name+"/owner", firstFrom, firstTo, func() { w.pressSomething(name+"/owner", carol) })
	}
}

// modalInput returns what a person enters into the modal.
func (w *world) modalInput(m slacksim.Modal) map[string]string {
	if m.CallbackID == "delegate_window" {
		return map[string]string{"delegate_receiver": dave, "delegate_until": time.Now().UTC().AddDate(0, 0, 7).Format(time.DateOnly)}
	}
	return map[string]string{"reason": "Fire drill at four"}
}

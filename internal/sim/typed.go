package sim

import (
	"strconv"
	"time"
)

// scheduleTyped has people type what asks about no meeting: they look, mistype, or are in a hurry.
func (w *world) scheduleTyped(meetings int) {
	for i := range 2 {
		name := "typed/" + strconv.Itoa(i)
		if !w.chance.happens(name, 0.15) {
			continue
		}
		person := pick(w.chance, name+"/who", everybody...)
		channel := pick(w.chance, name+"/where", general, foreign, w.slack.DM(person))
		at := w.chance.between(name+"/at", time.Second, w.horizon)
		w.after(at, func() { w.typeLine(person, channel, "/cancel-meeting "+w.drawOther(name, meetings)) })
	}
	if w.chance.happens("hurry", 0.05) {
		person := pick(w.chance, "hurry/who", everybody...)
		from := w.askedAt("ask/0")
		for i := range 8 {
			name := "hurry/" + strconv.Itoa(i)
			w.after(from+w.chance.between(name+"/at", 0, 8*time.Second), func() { w.typeLine(person, general, "/cancel-meeting "+w.drawOther(name, meetings)) })
		}
		w.chance.note("hurry: @%s types eight commands from %s on", person, w.clock(w.began.Add(from)))
	}
}

// drawOther draws a command that is read-only, or wrong.
func (w *world) drawOther(name string, meetings int) string {
	id := number(w.chance.number(name+"/which", meetings))
	w.count("something else typed")
	return pick(w.chance, name+"/what",
		"list", "history", "help", "history "+id, id+" --ennd", "91400", "tomorrow", "today --of <@"+carol+">", id+" or was it 914999999",
	)
}

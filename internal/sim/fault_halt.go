package sim

import "time"

// haltFault asks the process to stop in the middle of a step: at one of its calls or commits.
func (w *world) haltFault() {
	d := &death{
		name: "halt", stops: true, from: w.began.Add(w.when("halt/when") / 2), left: 1 + w.chance.number("halt/nth", 3),
		after: w.chance.unit("halt/after") < 0.5,
		where: pickWeighted(w.chance, "halt/at", []weighted[string]{
			{3, "db COMMIT"}, {5, "meeting cancel"}, {2, "slack chat.postMessage"}, {2, "slack chat.update"}, {1, "meeting detail"},
		}),
	}
	if d.where == "meeting cancel" {
		d.left = 1
	}
	if w.chance.unit("halt/update") < 0.7 { // otherwise the next one starts at once
		d.pause = w.chance.between("halt/pause", time.Millisecond, 8*time.Second)
	}
	w.deaths = append(w.deaths, d)
	w.troubleUntil(w.began.Add(w.horizon))
	w.chance.note("halt: the process is asked to stop at %s number %d after %s (once it has taken effect: %t), and starts %s after it has ended", d.where, d.left, w.clock(d.from), d.after, d.pause)
}

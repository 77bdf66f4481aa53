package sim

import "time"

// How long a client must not log in again after a refusal, with some time to go on.
const afterLocked = 5*time.Minute + 10*time.Second

// drawTokenLife returns how long the meeting service's tokens live: usually longer than the schedule.
func drawTokenLife(c *chance) time.Duration {
	if !c.happens("login", 0.1) {
		return 0
	}
	life := c.between("login/life", 20*time.Second, 80*time.Second)
	c.note("login: the meeting service's tokens live for %s", life)
	return life
}

// loginFault refuses logins for a while, often once the account is locked, when the token has expired.
func (w *world) loginFault() {
	if w.tokenLife == 0 || !w.chance.happens("login/refused", 0.7) {
		return
	}
	l := w.aim("login", "meeting", "login", pick(w.chance, "login/how", status423, status423, status401, status503p, lost))
	from := w.tokenLife - w.chance.between("login/before", 0, 12*time.Second)
	l.from = w.began.Add(max(time.Second, from))
	l.to = l.from.Add(w.chance.between("login/for", time.Second, 40*time.Second))
	w.troubleUntil(l.to)
	w.chance.note("login: from %s to %s, meeting login %s", w.clock(l.from), w.clock(l.to), l.how)
	for i := range 1 + w.chance.number("login/asks", 2) {
		name := "login/ask/" + string(rune('0'+i))
		at := l.from.Sub(w.began) + w.chance.between(name+"/at", -12*time.Second, 10*time.Second)
		w.after(max(time.Second/2, at), func() { w.ask(name, 1, w.drawAsker(name)) })
	}
}

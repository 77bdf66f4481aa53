package sim

import "time"

// A setting is a clock being set.
type setting struct {
	at time.Time
	by time.Duration
}

// clockLuck has the clock of the service's machine set, forward or back.
func (w *world) clockLuck(name string, at time.Duration) {
	by := w.chance.between(name+"/by", 2*time.Second, 25*time.Second)
	if w.chance.unit(name+"/back") < 0.4 {
		by = -by
	}
	where := w.slots[w.chance.number(name+"/replica", len(w.slots))]
	w.seenHow("clock set")
	w.clocks = true
	w.chance.note("%s: the clock is set by %s at %s", name, by, w.clock(w.began.Add(at)))
	w.after(at, func() {
		w.struck.Add(1)
		w.mu.Lock()
		where.ahead += by
		w.set = append(w.set, setting{time.Now(), by})
		w.mu.Unlock()
		w.tell("%s: the clock is set by %s", name, by)
		if by < 0 {
			w.troubleUntil(time.Now().Add(-by)) // what was due is due later
		}
	})
}

// clockOf is the time by the clock of a machine.
func (w *world) clockOf(s *slot) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(s.ahead)
}

// servicesTime is the time by which the service counts: that of its machine, and with
// PostgreSQL that of the database.
func (w *world) servicesTime() time.Time {
	if w.real {
		return time.Now()
	}
	return w.clockOf(w.slots[0])
}

// allowance is how far apart what people saw and what the service wrote down may be,
// because clocks were set.
func (w *world) allowance() (all time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.set {
		all += s.by.Abs()
	}
	return all
}

// written is how the service writes a moment down.
func (w *world) written(t time.Time) time.Time {
	if w.real {
		return t
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	by := time.Duration(0)
	for _, s := range w.set {
		if s.at.Before(t) {
			by += s.by
		}
	}
	return t.Add(by)
}

// setBetween reports whether a clock was set between two moments.
func (w *world) setBetween(from, to time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.set {
		if s.at.After(from) && s.at.Before(to) {
			return true
		}
	}
	return false
}

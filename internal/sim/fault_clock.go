package sim

import "time"

// A setting is one adjustment of a clock.
type setting struct {
	at time.Time
	by time.Duration
}

// clockFault sets the clock of a service's machine forward or back.
func (w *world) clockFault(name string, at time.Duration) {
	by := w.chance.between(name+"/by", 2*time.Second, 25*time.Second)
	if w.chance.unit(name+"/back") < 0.4 {
		by = -by
	}
	where := w.slots[w.chance.number(name+"/replica", len(w.slots))]
	w.count("clock set")
	w.clocks = true
	w.chance.note("%s: the clock is set by %s at %s", name, by, w.clock(w.began.Add(at)))
	w.after(at, func() { w.setClock(name, where, by) })
}

func (w *world) setClock(name string, where *slot, by time.Duration) {
	w.struck.Add(1)
	w.mu.Lock()
	where.ahead += by
	w.set = append(w.set, setting{time.Now(), by})
	w.mu.Unlock()
	w.tell("%s: the clock is set by %s", name, by)
	if by < 0 {
		w.troubleUntil(time.Now().Add(-by)) // everything is due later now
	}
}

// clockOf returns the time on a machine's clock.
func (w *world) clockOf(s *slot) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(s.ahead)
}

// serviceNow returns the clock that the service goes by: its machine's, or with PostgreSQL
// the database's.
func (w *world) serviceNow() time.Time {
	if w.real {
		return time.Now()
	}
	return w.clockOf(w.slots[0])
}

// estimateError is how far a replica's first estimate of the database's clock may be off: half the
// time that the database has to answer.
const estimateError = time.Second

// allowance returns how far the service's records may differ from what people saw, because
// clocks were set or the database's clock is only estimated.
func (w *world) allowance() (all time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.real {
		all = estimateError
	}
	for _, s := range w.set {
		all += s.by.Abs()
	}
	return all
}

// serviceTimeOf returns the time that the service records for t.
func (w *world) serviceTimeOf(t time.Time) time.Time {
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

// clockSetBetween reports whether a clock was set between two times.
func (w *world) clockSetBetween(from, to time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.set {
		if s.at.After(from) && s.at.Before(to) {
			return true
		}
	}
	return false
}

package sim

import (
	"net/http"
	"time"
)

// How long a login that the service refused must not be repeated, so that the account isn't locked, or
// doesn't stay locked.
var loginRests = map[int]time.Duration{http.StatusUnauthorized: 30 * time.Second, http.StatusLocked: 5 * time.Minute}

// checkLogins: a process doesn't repeat a refused login too soon.
func (w *world) checkLogins() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clocks || w.real {
		return // a rest ends by the process's clock, and a call doesn't say which of two replicas made it
	}
	refused := map[int]*call{} // the last refusal, by process
	for _, c := range w.calls {
		if c.place != "login" {
			continue
		}
		last := refused[c.by]
		if last != nil && c.at.Before(last.at.Add(loginRests[last.status])) {
			w.broken = append(w.broken, Violation{"a: login", "the login refused at " + w.clock(last.at) + " was repeated at " + w.clock(c.at)})
		}
		if loginRests[c.status] > 0 && c.answered {
			refused[c.by] = c
		}
	}
}

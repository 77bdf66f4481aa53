package meetingsim

import "sync"

// watchers holds the channels of [Server.Watch]. The zero value is ready to use.
type watchers struct {
	mu   sync.Mutex
	subs map[chan struct{}]struct{}
}

// Watch returns a channel that has a pulse whenever something changed since the last receive:
// a request arrived or was answered, or a meeting or a fault changed. Read the state after
// each pulse; several changes may share one. Call stop when done.
func (s *Server) Watch() (pulses <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	w := &s.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.subs == nil {
		w.subs = map[chan struct{}]struct{}{}
	}
	w.subs[ch] = struct{}{}
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.subs, ch)
	}
}

// pulse notifies all watchers without waiting for any.
func (w *watchers) pulse() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.subs {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

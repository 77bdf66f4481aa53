package slacksim

import (
	"slices"
	"time"
)

// The kinds of change that [Server.Shown] reports.
const (
	ShownMessage = "message" // a new one
	ShownChange  = "change"  // another version of a message
	ShownDelete  = "delete"  // a message was deleted
	ShownHome    = "home"    // a Home tab
	ShownModal   = "modal"   // a modal, or another view in it
	ShownClosed  = "closed"  // a modal was closed
)

// A Change is one change in what people see. A test oracle needs the whole sequence to
// say whether a card was ever wrong, and when.
type Change struct {
	At   time.Time `json:"at"`
	Act  string    `json:"act"`
	User string    `json:"user"` // the owner of the Home tab or modal; empty for messages
	Via  string    `json:"via"`  // how this version arrived; empty for views

	Message *Message `json:"message,omitempty"` // as its only reader sees it, otherwise in UTC
	Home    *Home    `json:"home,omitempty"`
	Modal   *Modal   `json:"modal,omitempty"`
}

// Shown returns everything ever shown to anyone, in order and starting at the nth, so
// that a caller following along need not copy what it has already read.
func (s *Server) Shown(n int) []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shown[min(n, len(s.shown)):])
}

// showPost records a message's newest version. The lock is held.
func (s *Server) showPost(act string, r *room, p *post) {
	s.note(Change{Act: act, Via: p.now().via, Message: new(render(r, p, p.now(), p.ephemeralFor, s.reader(p.ephemeralFor)))})
}

// showHome records a published Home tab. The lock is held.
func (s *Server) showHome(m *modal) {
	s.note(Change{Act: ShownHome, User: m.user, Home: new(s.renderHome(m))})
}

// showModal records a modal. The lock is held.
func (s *Server) showModal(act string, m *modal) {
	s.note(Change{Act: act, User: m.user, Modal: new(s.renderModal(m))})
}

func (s *Server) note(sh Change) {
	sh.At = s.opts.Now()
	s.shown = append(s.shown, sh)
	s.changed()
}

// revise makes c, which arrived via, the newest version of p. The lock is held.
func (s *Server) revise(r *room, p *post, via string, c content) {
	c.at, c.via = s.opts.Now(), via
	p.change(c)
	s.showPost(ShownChange, r, p)
}

// remove deletes p. The lock is held.
func (s *Server) remove(r *room, p *post) {
	p.deleted = true
	s.showPost(ShownDelete, r, p)
}

package slacksim

import (
	"maps"
	"slices"
	"time"
)

// reader is the person a text is rendered for.
type reader struct {
	zone    *time.Location
	now     func() time.Time
	name    func(id string) string
	chosen  inputs   // what they have chosen there
	blockID string   // of the block being rendered
	more    []string // what stands below the message
}

// reader is the person something is shown to. The lock is held.
func (s *Server) reader(viewer string) reader {
	return reader{zone: s.zone(viewer), now: s.opts.Now, name: s.nameOf}
}

// with adds what the person has chosen, as it is now.
func (r reader) with(chosen inputs) reader {
	r.chosen = make(inputs, len(chosen))
	maps.Copy(r.chosen, chosen)
	return r
}

// attached adds e-mails and attachments.
func (r reader) attached(c content) reader {
	r.more = slices.Clip(r.more)
	for _, f := range c.files {
		r.more = append(r.more, f.Subject+"\n"+f.PlainText)
	}
	for _, a := range c.attachments {
		r.more = append(r.more, r.mrkdwn(a.Text))
	}
	return r
}

// nameOf is how a mention of the id reads. The lock is not held.
func (s *Server) nameOf(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nameHeld(id)
}

// nameHeld is nameOf for who holds the lock.
func (s *Server) nameHeld(id string) string {
	if u, ok := s.users[id]; ok {
		return u.Name
	}
	if r, ok := s.rooms[id]; ok {
		return r.Name
	}
	return id
}

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
	chosen  inputs   // their choices in the message or view
	blockID string   // of the block being rendered
	more    []string // text below the blocks: e-mails and attachments
}

// reader returns a reader for viewer. The lock is held.
func (s *Server) reader(viewer string) reader {
	return reader{zone: s.zone(viewer), now: s.opts.Now, name: s.nameOf}
}

// with adds a copy of the person's current choices.
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

// nameOf returns the name shown for a mention of id. The lock must not be held.
func (s *Server) nameOf(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nameLocked(id)
}

// nameLocked is nameOf with the lock held.
func (s *Server) nameLocked(id string) string {
	if u, ok := s.users[id]; ok {
		return u.Name
	}
	if r, ok := s.rooms[id]; ok {
		return r.Name
	}
	return id
}

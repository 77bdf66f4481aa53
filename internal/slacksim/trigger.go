package slacksim

import "time"

// trigger lets the app open one modal for the user, once and within [Options.TriggerLife].
type trigger struct {
	user string
	made time.Time
	used bool
}

// newTrigger returns a new trigger_id. The lock is held.
func (s *Server) newTrigger(user string) string {
	id := s.mint("1111111111111.2222222222222.")
	s.triggers[id] = &trigger{user: user, made: s.opts.Now()}
	return id
}

// pull uses up the trigger. The lock is held.
func (s *Server) pull(id string) (*trigger, error) {
	t, ok := s.triggers[id]
	switch {
	case !ok:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		s.violate("a trigger_id was used twice")
		return nil, refuse("exchanged_trigger_id")
	case s.opts.Now().Sub(t.made) > s.opts.TriggerLife:
		s.violate("a trigger_id was used after %s", s.opts.TriggerLife)
		return nil, refuse("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

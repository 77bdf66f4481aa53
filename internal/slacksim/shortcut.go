package slacksim

import (
	"fmt"
	"slices"
)

// MessageShortcut uses one of the app's shortcuts from a message's menu, as the user.
// Ephemeral messages have no such menu.
//
// https://docs.slack.dev/interactivity/implementing-shortcuts#messages
func (s *Server) MessageShortcut(user string, ref Ref, callbackID string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r, err := s.seen(user, ref)
	if err != nil {
		return nil, err
	}
	if p.ephemeralFor != "" || len(s.opts.Shortcuts) > 0 && !slices.Contains(s.opts.Shortcuts, callbackID) {
		return nil, fmt.Errorf("%w: shortcut %q on %s", ErrNoElement, callbackID, ref.TS)
	}
	e := &envelope{kind: "interactive"}
	e.failed = func(code string) {
		s.tell(user, r, p.threadTS, "This shortcut failed with the error \""+code+"\"")
	}
	return s.dispatch(e, func(base string) any {
		in := s.interaction("message_action", user)
		in.CallbackID, in.TriggerID, in.ActionTS = callbackID, s.newTrigger(user), s.stamp()
		in.Channel = &payloadChannel{ID: r.ID, Name: r.payloadName()}
		in.Message, in.MessageTS = new(s.wire(p, r, false)), p.TS
		in.ResponseURL = s.newHook(base+"/actions/", &hook{room: r, user: user, threadTS: p.threadTS})
		return in
	}), nil
}

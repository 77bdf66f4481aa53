package slacksim

import (
	"fmt"
	"slices"
)

// place is somewhere a person sees elements: a message, a modal or the Home tab.
type place struct {
	Layout
	name     string    // for errors
	versions []content // of the message, the oldest first; none of a view
	chosen   inputs    // that person's; written to
	send     func(usedElement) *Action
}

// onMessage calls act with a message, if the user sees it.
func (s *Server) onMessage(user string, ref Ref, act func(place) (*Action, error)) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r, err := s.seen(user, ref)
	if err != nil {
		return nil, err
	}
	if p.inputs[user] == nil {
		p.inputs[user] = make(inputs)
	}
	return act(place{
		Layout: Layout{p.now().blocks, s.readerLocked(user, p.inputs[user])}, name: ref.TS, versions: p.versions, chosen: p.inputs[user],
		send: func(e usedElement) *Action { return s.useInMessage(user, p, r, e) },
	})
}

// onView calls act with a view, if it is the user's Home tab or topmost modal.
func (s *Server) onView(user, id string, act func(place) (*Action, error)) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.homes[user]
	if m == nil || m.id != id {
		m = s.front(user)
	}
	if m == nil || m.id != id {
		return nil, fmt.Errorf("%w: view %s", ErrNotVisible, id)
	}
	return act(place{
		Layout: Layout{m.view.blocks, s.readerLocked(user, m.inputs)}, name: id, chosen: m.inputs,
		send: func(e usedElement) *Action { return s.useInView(m, e) },
	})
}

// readerLocked returns a reader for use while the lock is held.
func (s *Server) readerLocked(user string, chosen inputs) reader {
	r := s.reader(user).with(chosen)
	r.name = s.nameLocked
	return r
}

// click presses a button.
func (at place) click(actionID string, opts ClickOptions, stamp string) (*Action, error) {
	shown := at.Blocks
	if opts.Earlier {
		for _, c := range slices.Backward(at.versions) {
			shown = slices.Concat(shown, c.blocks)
		}
	}
	for _, b := range shown {
		for _, e := range b.Interactive() {
			if e.Type == "button" && e.ActionID == actionID && matches(opts.BlockID, b.BlockID) && matches(opts.Value, e.Value) {
				return at.send(used(b, e, stamp)), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: button %q in %s", ErrNoElement, actionID, at.name)
}

func matches(wanted, is string) bool { return wanted == "" || wanted == is }

// choose sets an element's values and sends the change if Slack would.
func (at place) choose(blockID, actionID string, values []string, stamp string) (*Action, error) {
	b, e, ok := at.find(blockID, actionID)
	if !ok {
		return nil, fmt.Errorf("%w: %q in block %q of %s", ErrNoElement, actionID, blockID, at.name)
	}
	action := used(b, e, stamp)
	var err error
	if action.chosen, err = choose(e, values); err != nil {
		return nil, err
	}
	if e.Type == "overflow" { // keeps no state
		return at.send(action), nil
	}
	at.chosen[inputKey{b.BlockID, e.ActionID}] = action.chosen
	if b.Type == "input" && !b.DispatchAction {
		return said(Ref{}), nil
	}
	return at.send(action), nil
}

// seen returns the message if the user sees it. The lock is held.
func (s *Server) seen(user string, ref Ref) (*post, *room, error) {
	p, r := s.find(ref)
	if p == nil || !s.canRead(user, r) || !p.visibleTo(user) {
		return nil, nil, fmt.Errorf("%w: %s in %s", ErrNotVisible, ref.TS, ref.Channel)
	}
	return p, r, nil
}

// useInMessage tells the app that an element of a message was used. The lock is held.
func (s *Server) useInMessage(user string, p *post, r *room, element usedElement) *Action {
	e := &envelope{kind: "interactive"}
	e.failed = func(code string) { // the warning sign next to the button
		s.tell(user, r, p.threadTS, "This action failed with the error \""+code+"\"")
	}
	return s.dispatch(e, func(base string) any {
		in := s.interaction("block_actions", user)
		in.TriggerID = s.newTrigger(user)
		in.Channel = &payloadChannel{ID: r.ID, Name: r.payloadName()}
		in.Container = &container{
			Type: "message", MessageTS: p.TS, ChannelID: r.ID,
			IsEphemeral: p.ephemeralFor != "", ThreadTS: p.threadTS,
		}
		if p.ephemeralFor == "" {
			in.Message = new(s.wire(p, r, true))
		}
		in.State = stateOf(p.now().blocks, p.inputs[user])
		in.ResponseURL = s.newHook(base+"/actions/", &hook{room: r, user: user, original: p})
		in.Actions = []usedElement{element}
		return in
	})
}

// useInView tells the app that an element of a view was used. There is no channel and
// no response URL, and the state is the view's. The lock is held.
func (s *Server) useInView(m *modal, element usedElement) *Action {
	m.notice = ""
	e := &envelope{kind: "interactive"}
	e.failed = func(string) { m.notice = "We had some trouble connecting. Try again?" }
	return s.dispatch(e, func(string) any {
		in := s.interaction("block_actions", m.user)
		in.TriggerID = s.newTrigger(m.user)
		in.Container = &container{Type: "view", ViewID: m.id}
		in.View = s.wireView(m)
		in.Actions = []usedElement{element}
		return in
	})
}

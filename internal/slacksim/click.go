package slacksim

import (
	"errors"
	"fmt"
)

// Errors of people who try what they can't.
var (
	ErrNotVisible = errors.New("slacksim: the user does not see this message")
	ErrNoElement  = errors.New("slacksim: the message has no such element now")
)

// ClickOptions tells buttons with the same action_id apart. Empty fields match all.
type ClickOptions struct {
	BlockID string `json:"block_id"`
	Value   string `json:"value"`
}

// Click is the user pressing a button of a message, a confirmation dialog included. It
// is an error if the user does not see the message, or if it has no such button now.
func (s *Server) Click(user string, ref Ref, actionID string, opts ClickOptions) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r, err := s.seen(user, ref)
	if err != nil {
		return nil, err
	}
	for _, b := range p.now().blocks {
		for _, e := range b.interactive() {
			if e.Type == "button" && e.ActionID == actionID && matches(opts.BlockID, b.BlockID) && matches(opts.Value, e.Value) {
				return s.use(user, p, r, used(b, e, s.stamp())), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: button %q in %s", ErrNoElement, actionID, ref.TS)
}

func matches(wanted, is string) bool { return wanted == "" || wanted == is }

// Select is the user choosing in a menu, in radio buttons, in checkboxes, or filling an
// input of a message; values are the values of options. No values empty it. What was
// chosen goes along with the user's next click; it is sent at once where Slack would do
// so, that is for everything outside an input block and for input blocks with
// dispatch_action. Otherwise the action has ended with nothing sent.
func (s *Server) Select(user string, ref Ref, blockID, actionID string, values ...string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r, err := s.seen(user, ref)
	if err != nil {
		return nil, err
	}
	b, e, ok := findElement(p.now().blocks, blockID, actionID)
	if !ok {
		return nil, fmt.Errorf("%w: %q in block %q of %s", ErrNoElement, actionID, blockID, ref.TS)
	}
	action := used(b, e, s.stamp())
	if action.chosen, err = choose(e, values); err != nil {
		return nil, err
	}
	if e.Type == "overflow" { // keeps nothing
		return s.use(user, p, r, action), nil
	}
	if p.inputs[user] == nil {
		p.inputs[user] = make(inputs)
	}
	p.inputs[user][inputKey{b.BlockID, e.ActionID}] = action.chosen
	if b.Type == "input" && !b.DispatchAction {
		return said(ref), nil
	}
	return s.use(user, p, r, action), nil
}

func findElement(blocks []Block, blockID, actionID string) (Block, Element, bool) {
	for _, b := range blocks {
		for _, e := range b.interactive() {
			if e.Type != "button" && e.ActionID == actionID && matches(blockID, b.BlockID) {
				return b, e, true
			}
		}
	}
	return Block{}, Element{}, false
}

// seen returns the message if the user sees it. The lock is held.
func (s *Server) seen(user string, ref Ref) (*post, *room, error) {
	p, r := s.find(ref)
	if p == nil || !s.canRead(user, r) || !p.visibleTo(user) {
		return nil, nil, fmt.Errorf("%w: %s in %s", ErrNotVisible, ref.TS, ref.Channel)
	}
	return p, r, nil
}

// use sends the use of an element in a message. The lock is held.
func (s *Server) use(user string, p *post, r *room, element usedElement) *Action {
	e := &envelope{kind: "interactive"}
	e.failed = func(code string) { // the warning sign beside the button
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
			m := s.wire(p, r, true)
			in.Message = &m
		}
		in.State = stateOf(p.now().blocks, p.inputs[user])
		in.ResponseURL = s.newHook(base+"/actions/", &hook{room: r, user: user, original: p})
		in.Actions = []usedElement{element}
		return in
	})
}

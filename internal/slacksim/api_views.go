package slacksim

import "slices"

// viewAnswer is the answer of the views.* methods.
type viewAnswer struct {
	success
	View *wireView `json:"view"`
}

// maxStack is how many modals a person can have on top of each other.
const maxStack = 3

// openView is https://docs.slack.dev/reference/methods/views.open.
func openView(c *call) (any, error) {
	s := c.s
	v, err := c.view()
	if err != nil {
		return nil, err
	}
	t, err := s.pull(c.args["trigger_id"])
	if err != nil {
		return nil, err
	}
	m := s.newModal(t.user, v)
	s.modals[t.user] = []*modal{m}
	return viewAnswer{success{true}, s.wireView(m)}, nil
}

// pushView is https://docs.slack.dev/reference/methods/views.push.
func pushView(c *call) (any, error) {
	s := c.s
	v, err := c.view()
	if err != nil {
		return nil, err
	}
	t, err := s.pull(c.args["trigger_id"])
	switch {
	case err != nil:
		return nil, err
	case s.front(t.user) == nil:
		return nil, refuse("not_found")
	case len(s.modals[t.user]) >= maxStack:
		return nil, refuse("push_limit_reached")
	}
	m := s.newModal(t.user, v)
	s.modals[t.user] = append(s.modals[t.user], m)
	return viewAnswer{success{true}, s.wireView(m)}, nil
}

// updateView is https://docs.slack.dev/reference/methods/views.update.
func updateView(c *call) (any, error) {
	s := c.s
	v, err := c.view()
	if err != nil {
		return nil, err
	}
	m := s.findModal(c.args["view_id"], c.args["external_id"])
	switch {
	case m == nil:
		return nil, refuse("not_found")
	case c.args["hash"] != "" && c.args["hash"] != m.hash:
		return nil, refuse("hash_conflict")
	}
	s.reshape(m, v)
	return viewAnswer{success{true}, s.wireView(m)}, nil
}

// view reads the call's view; one that Slack refuses is a violation.
func (c *call) view() (view, error) {
	v, err := c.s.parseView(c.args["view"])
	if err != nil {
		c.s.reject(c.method, err)
	}
	return v, err
}

func (s *Server) newModal(user string, v view) *modal {
	s.changed()
	return &modal{id: s.mint("V0SIM"), hash: s.mint("hash-"), user: user, view: v, inputs: make(inputs)}
}

// reshape shows another view in m; what was filled in stays where the ids are the same.
func (s *Server) reshape(m *modal, v view) {
	m.view, m.hash, m.errors, m.notice = v, s.mint("hash-"), nil, ""
	m.inputs.keepOnly(v.blocks)
	s.changed()
}

// findModal finds an open modal by either id.
func (s *Server) findModal(id, external string) *modal {
	for _, stack := range s.modals {
		i := slices.IndexFunc(stack, func(m *modal) bool {
			return id != "" && m.id == id || external != "" && m.view.ExternalID == external
		})
		if i >= 0 {
			return stack[i]
		}
	}
	return nil
}

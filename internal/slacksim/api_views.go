package slacksim

import "slices"

// viewAnswer is the response of the views.* methods.
type viewAnswer struct {
	success
	View *wireView `json:"view"`
}

// maxStack is how many modals a person can have stacked.
const maxStack = 3

// openView is https://docs.slack.dev/reference/methods/views.open.
func openView(c *call) (any, error) {
	v, user, err := c.opening()
	if err != nil {
		return nil, err
	}
	delete(c.s.modals, user)
	return viewAnswer{success{true}, c.s.wireView(c.s.push(user, v))}, nil
}

// pushView is https://docs.slack.dev/reference/methods/views.push.
func pushView(c *call) (any, error) {
	v, user, err := c.opening()
	switch {
	case err != nil:
		return nil, err
	case c.s.front(user) == nil:
		return nil, refuse("not_found")
	case len(c.s.modals[user]) >= maxStack:
		return nil, refuse("push_limit_reached")
	}
	return viewAnswer{success{true}, c.s.wireView(c.s.push(user, v))}, nil
}

// opening returns the modal that the call opens, and for whom. It uses up the trigger.
func (c *call) opening() (v view, user string, err error) {
	if v, err = c.view("modal"); err != nil {
		return v, "", err
	}
	if c.s.externalIDTaken(v.ExternalID, nil) {
		return v, "", refuse("duplicate_external_id")
	}
	t, err := c.s.pull(c.args["trigger_id"])
	if err != nil {
		return v, "", err
	}
	return v, t.user, nil
}

// push puts a view on top of the user's stack. The lock is held.
func (s *Server) push(user string, v view) *modal {
	m := s.newModal(user, v)
	s.modals[user] = append(s.modals[user], m)
	s.showModal(ShownModal, m)
	return m
}

// updateView is https://docs.slack.dev/reference/methods/views.update, for modals and
// Home tabs.
func updateView(c *call) (any, error) {
	s := c.s
	v, err := c.view(viewKinds...)
	if err != nil {
		return nil, err
	}
	m := s.findModal(c.args["view_id"], c.args["external_id"])
	switch {
	case m == nil, m.view.Type != v.Type:
		return nil, refuse("not_found")
	case c.args["hash"] != "" && c.args["hash"] != m.hash:
		return nil, refuse("hash_conflict")
	case s.externalIDTaken(v.ExternalID, m):
		return nil, refuse("duplicate_external_id")
	}
	s.replaceView(m, v)
	if v.Type == "home" {
		s.showHome(m)
	} else {
		s.showModal(ShownModal, m)
	}
	return viewAnswer{success{true}, s.wireView(m)}, nil
}

// view reads the call's view, which must be one of the kinds. It is a violation if Slack
// would refuse it.
func (c *call) view(kinds ...string) (view, error) {
	v, err := c.s.parseView(c.args["view"], kinds...)
	if err != nil {
		c.s.reject(c.method, err)
	}
	return v, err
}

func (s *Server) newModal(user string, v view) *modal {
	return &modal{id: s.mint("V0SIM"), hash: s.mint("hash-"), user: user, view: v, inputs: make(inputs)}
}

// replaceView shows another view in m. Input is kept where the ids are the same.
func (s *Server) replaceView(m *modal, v view) {
	m.view, m.hash, m.errors, m.notice = v, s.mint("hash-"), nil, ""
	m.inputs.keepOnly(v.blocks)
	s.changed()
}

// externalIDTaken reports whether a view other than m already has the external_id.
func (s *Server) externalIDTaken(id string, m *modal) bool {
	other := s.findModal("", id)
	return id != "" && other != nil && other != m
}

// findModal finds an open modal or a Home tab by either id.
func (s *Server) findModal(id, external string) *modal {
	is := func(m *modal) bool {
		return id != "" && m.id == id || external != "" && m.view.ExternalID == external
	}
	for _, stack := range s.modals {
		if i := slices.IndexFunc(stack, is); i >= 0 {
			return stack[i]
		}
	}
	for _, m := range s.homes {
		if is(m) {
			return m
		}
	}
	return nil
}

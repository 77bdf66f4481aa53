package slacksim

import (
	"errors"
	"slices"
)

// ErrNoHome is returned when the app has no Home tab.
var ErrNoHome = errors.New("slacksim: the app has no Home tab")

// A Home is what the app has published in one person's Home tab: a copy of the state at
// the time of the call.
type Home struct {
	ID              string `json:"id"`
	Hash            string `json:"hash"`
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"` // not visible to the person
	Layout
	Notice string `json:"notice"` // Slack's own message, after a click that failed
}

// Plain returns everything that the person sees in the tab, one line per block.
func (h Home) Plain() string {
	text := h.reader.blocks(h.Blocks)
	if h.Notice != "" {
		text += "\n" + h.Notice
	}
	return text
}

// Home returns what the app has published for the user; false if nothing yet.
func (s *Server) Home(user string) (Home, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.homes[user]
	if m == nil {
		return Home{}, false
	}
	return s.renderHome(m), true
}

// renderHome renders the tab as its owner sees it. The lock is held.
func (s *Server) renderHome(m *modal) Home {
	return Home{
		ID: m.id, Hash: m.hash, CallbackID: m.view.CallbackID, PrivateMetadata: m.view.PrivateMetadata,
		Layout: Layout{slices.Clone(m.view.blocks), s.reader(m.user).with(m.inputs)}, Notice: m.notice,
	}
}

// OpenHome opens the app's Home tab as the user. If the app subscribed to
// app_home_opened it gets the event, and the action ends when it has acknowledged it or
// Slack has stopped retrying.
func (s *Server) OpenHome(user string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opts.HomeTab {
		return nil, ErrNoHome
	}
	return s.openTab(user, "home")
}

// OpenMessages opens the app's Messages tab as the user. The app gets the same event.
func (s *Server) OpenMessages(user string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openTab(user, "messages")
}

func (s *Server) openTab(user, tab string) (*Action, error) {
	u := s.users[user]
	if u == nil || u.Deleted {
		return nil, errors.New("slacksim: no user has the id " + user)
	}
	opened := homeOpened{Type: "app_home_opened", User: user, Channel: s.openDM(user).ID, Tab: tab, EventTS: s.stamp()}
	if m := s.homes[user]; m != nil && tab == "home" {
		opened.View = s.wireView(m)
	}
	if !slices.Contains(s.opts.Events, opened.Type) {
		return said(Ref{}), nil
	}
	return s.emit(u, opened), nil
}

// homeOpened is https://docs.slack.dev/reference/events/app_home_opened.
type homeOpened struct {
	Type    string    `json:"type"`
	User    string    `json:"user"`
	Channel string    `json:"channel"`
	Tab     string    `json:"tab"`
	EventTS string    `json:"event_ts"`
	View    *wireView `json:"view,omitempty"` // absent until something was published
}

// publishView is https://docs.slack.dev/reference/methods/views.publish.
func publishView(c *call) (any, error) {
	s := c.s
	u := s.users[c.args["user_id"]]
	switch {
	case !s.opts.HomeTab:
		return nil, refuse("not_enabled")
	case u == nil || u.Deleted || u.Bot || u.Stranger:
		return nil, refuse("user_not_found")
	}
	v, err := c.view("home")
	if err != nil {
		return nil, err
	}
	m := s.homes[u.ID]
	switch hash := c.args["hash"]; {
	case hash != "" && (m == nil || m.hash != hash):
		return nil, refuse("hash_conflict")
	case s.externalIDTaken(v.ExternalID, m):
		return nil, refuse("duplicate_external_id")
	case m == nil:
		m = s.newModal(u.ID, v)
		s.homes[u.ID] = m
	default:
		s.replaceView(m, v)
	}
	s.showHome(m)
	return viewAnswer{success{true}, s.wireView(m)}, nil
}

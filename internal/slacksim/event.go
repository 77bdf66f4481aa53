package slacksim

import (
	"slices"
	"strings"
	"time"
)

// eventPayload wraps an Events API event.
//
// https://docs.slack.dev/apis/events-api#callback-field
type eventPayload struct {
	Token          string          `json:"token"`
	TeamID         string          `json:"team_id"`
	ContextTeam    string          `json:"context_team_id"`
	ContextOrg     *string         `json:"context_enterprise_id"` // null outside a grid
	APIAppID       string          `json:"api_app_id"`
	Event          any             `json:"event"`
	Type           string          `json:"type"`
	EventID        string          `json:"event_id"`
	EventTime      int64           `json:"event_time"`
	Authorizations []authorization `json:"authorizations"`
	Shared         bool            `json:"is_ext_shared_channel"`
}

// authorization says which installation an event is meant for.
type authorization struct {
	EnterpriseID        *string `json:"enterprise_id"`
	TeamID              *string `json:"team_id"` // null for an organisation's installation
	UserID              string  `json:"user_id"`
	IsBot               bool    `json:"is_bot"`
	IsEnterpriseInstall bool    `json:"is_enterprise_install"`
}

// emit sends an event. Unlike commands and clicks, events wait for a socket, and they are
// sent again if not acknowledged. The lock is held.
func (s *Server) emit(u *User, event any) *Action {
	e := &envelope{kind: eventKind, failed: func(string) {}}
	return s.dispatch(e, func(string) any {
		p := eventPayload{
			Token: verification, TeamID: u.TeamID, ContextTeam: u.TeamID, APIAppID: s.opts.AppID, Event: event,
			Type: "event_callback", EventID: strings.ToUpper(s.mint("Ev0")), EventTime: s.opts.Now().Unix(),
		}
		a := authorization{TeamID: &u.TeamID, UserID: s.opts.BotUserID, IsBot: true, IsEnterpriseInstall: s.opts.OrgInstall}
		if org := s.opts.Enterprise; org.ID != "" {
			p.ContextOrg, a.EnterpriseID = &org.ID, &org.ID
		}
		if s.opts.OrgInstall {
			a.TeamID = nil
		}
		p.Authorizations = []authorization{a}
		return p
	})
}

const eventKind = "events_api"

// retryEvent schedules the next attempt to send an event, or gives up. The lock is held.
func (s *Server) retryEvent(e *envelope) {
	if e.retries >= len(s.opts.EventRetries) {
		e.action.finish(ErrorTimeout)
		return
	}
	wait := s.opts.EventRetries[e.retries]
	e.retries++
	e.retry = time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if e.acked || s.closed {
			return
		}
		if k := s.nextSocket(); k != nil {
			s.deliver(e, k)
		}
		s.startAckTimeout(e)
	})
}

// startAckTimeout starts the timeout for the envelope's acknowledgement. The lock is held.
func (s *Server) startAckTimeout(e *envelope) {
	e.deadline = time.AfterFunc(s.opts.AckTimeout, func() { s.giveUp(e) })
}

// recordLate records that the app didn't acknowledge in time, unless its socket is gone: a dead
// app isn't at fault. The lock is held.
func (s *Server) recordLate(e *envelope) {
	if e.socket != nil && slices.Contains(s.sockets, e.socket) {
		s.violate("envelope %s (%s) was not acknowledged within %s", e.id, e.kind, s.opts.AckTimeout)
	}
}

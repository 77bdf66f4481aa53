package slacksim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Call is one request that reached Slack, as recorded in the journal.
type Call struct {
	At       time.Time         `json:"at"`
	Method   string            `json:"method"`   // "chat.postMessage", …, "response_url", "socket", "socket_closed"
	Token    string            `json:"token"`    // "bot", "app", "unknown" or "none"
	TokenIn  string            `json:"token_in"` // "header", "body" or "none"
	Form     map[string]string `json:"form"`     // arguments; secrets are dots
	Made     Ref               `json:"made"`     // the message it posted; zero for other calls
	Status   int               `json:"status"`   // HTTP status; 0 if there was no response
	Error    string            `json:"error"`    // Slack's error, or the fault's name
	GaveUp   bool              `json:"gave_up"`  // the caller had given up before it took effect
	Duration time.Duration     `json:"duration"` // from arrival to response
}

// The journal's names for events other than Web API calls.
const (
	hookMethod   = "response_url"
	socketMethod = "socket"        // an upgrade
	closedMethod = "socket_closed" // closed by the app; the status is the code in its close frame, or 1006 without one
)

const dots = "••••"

// Journal returns all calls so far, in the order of their responses.
func (s *Server) Journal() []Call { return s.JournalFrom(0) }

// JournalFrom returns the calls after the first n, so that a caller following the
// journal need not copy what it has already read.
func (s *Server) JournalFrom(n int) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal[min(n, len(s.journal)):])
}

// Calls returns the journal's calls of one method.
func (s *Server) Calls(method string) []Call {
	return slices.DeleteFunc(s.Journal(), func(c Call) bool { return c.Method != method })
}

// Violations returns, in order and as sentences, everything that Slack would have
// refused or that breaks one of its rules for apps. A well-behaved app has none.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// violate records a violation. The lock is held.
func (s *Server) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
	s.changed()
}

// entry returns the call's journal entry as far as it is known before the response.
func (c *call) entry() Call {
	form := maps.Clone(c.args)
	for _, secret := range []string{"token", "trigger_id"} {
		if form[secret] != "" {
			form[secret] = dots
		}
	}
	entry := Call{Method: c.method, Token: tokenKind(c.token), TokenIn: "none", Form: form}
	switch {
	case c.header:
		entry.TokenIn = "header"
	case c.token != "":
		entry.TokenIn = "body"
	}
	return entry
}

func tokenKind(token string) string {
	switch {
	case token == "":
		return "none"
	case strings.HasPrefix(token, "xoxb-"):
		return "bot"
	case strings.HasPrefix(token, "xapp-"):
		return "app"
	}
	return "unknown"
}

package meetingsim

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// An Entry is one request that arrived. It is in the journal from its arrival on. Status is 0
// until there is a response, and stays 0 if there never is one.
type Entry struct {
	At        time.Time // the service's clock at arrival
	Method    string
	Path      string // as escaped, with any prefix
	Query     string // raw
	Operation string // one of the Op constants; empty for an unknown path
	Meeting   string // the conferenceID, where the call has one
	Body      string // secrets are dots
	RequestID string
	Status    int           // 0: no response was sent, or not yet
	Code      string        // the error code of the response
	Lost      bool          // the connection ended without a complete response
	Effect    bool          // the call cancelled or ended something
	Duration  time.Duration // from arrival to the response's first byte

	SiteID, AuthorizationType string // the headers X-Site-Id and X-Authorization-Type
}

// The kinds of an [Effect].
const (
	EffectCancel     = "cancel"     // a planned meeting was cancelled
	EffectEnd        = "end"        // a running meeting was ended and cancelled, by type=1
	EffectSeries     = "series"     // a whole series was cancelled
	EffectOccurrence = "occurrence" // one occurrence was cancelled
	EffectStop       = "stop"       // a running meeting was ended through the control API; the booking stays
)

// An Effect is something that a call really changed about a meeting. A DELETE has one, or one
// per occurrence.
type Effect struct {
	At        time.Time
	Meeting   string
	Kind      string // one of the Effect constants
	Detail    string // the occurrence's id, or what else ended with it
	RequestID string
	Call      int // index in [Server.Journal] of the call that did it; it may have arrived long before At
}

// Journal returns a copy of all requests so far, in order of arrival.
func (s *Server) Journal() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Entry, len(s.journal))
	for i, e := range s.journal {
		all[i] = *e
	}
	return all
}

// Effects returns a copy of all effects so far, in order.
func (s *Server) Effects() []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.effects)
}

// open adds the call to the journal.
func (s *Server) open(c *call) {
	c.entry = &Entry{
		At: s.now(), Method: c.Method, Path: c.URL.EscapedPath(), Query: c.URL.RawQuery,
		Operation: c.route.operation, Meeting: cmp.Or(c.query.Get("conferenceID"), c.query.Get("conf_id")), Body: s.redact(string(c.body)), RequestID: c.id,
		SiteID: c.Header.Get(siteHeader), AuthorizationType: c.Header.Get(authorizationHeader),
	}
	s.change(func() {
		c.place = len(s.journal)
		s.journal = append(s.journal, c.entry)
	})
}

// record completes the entry before the response is sent.
func (s *Server) record(c *call, out outcome) {
	s.change(func() {
		c.entry.Status, c.entry.Code = out.status, out.code
		c.entry.Effect = c.effect
		c.entry.Duration = time.Since(c.began)
	})
}

// recordEffect records an effect of the call. The lock is held.
func (s *Server) recordEffect(c *call, meeting, kind, detail string) {
	c.effect = true
	s.effects = append(s.effects, Effect{At: s.now(), Meeting: meeting, Kind: kind, Detail: detail, RequestID: c.id, Call: c.place})
}

const dots = "••••••"

var secretField = regexp.MustCompile(`(?i)("(?:password|pwd|token|accessToken|refreshToken|credential|HA2|appKey)"\s*:\s*")(?:[^"\\]|\\.)*`)

// redact replaces the secrets in a body by dots.
func (s *Server) redact(body string) string {
	body = secretField.ReplaceAllString(body, "${1}"+dots)
	for _, secret := range []string{s.opts.AppKey, s.opts.Password} {
		if secret != "" {
			body = strings.ReplaceAll(body, secret, dots)
		}
	}
	return body
}
